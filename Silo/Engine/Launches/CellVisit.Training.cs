using Layerbench.Core.Protocol;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Launches;

/// <summary>What a training is for, and who is asked and told on the way.</summary>
/// <param name="Metric">Name of the headline value.</param>
/// <param name="Guess">The metric by guessing; null where there is none.</param>
/// <param name="Rungs">Steps at which <paramref name="DecideAsync"/> is asked, ascending.</param>
/// <param name="DecideAsync">Whether the training that has reached a rung goes on.</param>
internal sealed record TrainingOrder(
    string Metric,
    double? Guess,
    IReadOnlyList<long> Rungs,
    Action<Reply.Progress> OnProgress,
    Func<Reply.Rung, Task<bool>> DecideAsync
);

// The visit of a quality launch: every variant trained once, with a word at each rung.
internal sealed partial class CellVisit
{
    private async Task<VisitFindings?> TrainAsync(TrainingOrder training)
    {
        worker.Send(new Request.Train(Cell, training.Rungs));
        while (true)
        {
            // A training may take hours; a worker that trains says something every moment.
            startedAt = time.GetTimestamp();
            switch (await NextAsync().ConfigureAwait(false))
            {
                case Reply.Progress progress:
                    CheckPlace(progress.Variant);
                    training.OnProgress(progress);
                    break;
                case Reply.Rung rung:
                    CheckPlace(rung.Variant);
                    if (!training.Rungs.Contains(rung.Step))
                    {
                        throw Broken($"waits at step {rung.Step}, which is no rung of cell {Cell}");
                    }

                    var go = await training.DecideAsync(rung).ConfigureAwait(false);
                    worker.Send(new Request.Decide(Cell, rung.Variant, go));
                    break;
                case Reply.Trained trained:
                    return new VisitFindings(
                        new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, Span(trained.Seconds)),
                        Steady: true,
                        [],
                        [],
                        [],
                        []
                    )
                    {
                        Trainings = Read(trained, training),
                    };
                case Reply.Trouble:
                    return null;
                case var other:
                    throw OutOfTurn(other);
            }
        }
    }

    private List<Training> Read(Reply.Trained trained, TrainingOrder training)
    {
        var variants = order.Prepare.Variants.Count;
        if (trained.Variants?.Count != variants)
        {
            throw Broken($"trained {trained.Variants?.Count ?? 0} variants, where {variants} were due");
        }

        return [.. trained.Variants.Select((told, variant) => Read(told, variant, training))];
    }

    private Training Read(TrainedVariant told, int variant, TrainingOrder training)
    {
        var status = told?.Status switch
        {
            "finished" => TrainingStatus.Finished,
            "solved" => TrainingStatus.Solved,
            "pruned" => TrainingStatus.Pruned,
            "diverged" => TrainingStatus.Diverged,
            var other => throw Broken($"ended a training as '{other}'"),
        };
        if (told.Steps < 0)
        {
            throw Broken($"told a training of {told.Steps} steps");
        }

        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in told.Values ?? new Dictionary<string, double?>())
        {
            if (value is { } number && double.IsFinite(number))
            {
                values[name] = number;
            }
        }

        // What cannot be told in a number has not been learnt.
        status = values.ContainsKey(training.Metric) ? status : TrainingStatus.Diverged;
        return new Training(
            variant,
            status,
            training.Metric,
            training.Guess,
            told.Steps,
            Span(told.Seconds),
            values,
            Series(told.Series)
        );
    }

    private List<VariantCurves> Curves(Reply.Measured measured)
    {
        var variants = order.Prepare.Variants.Count;
        if (measured.Series is { } told && told.Count != variants)
        {
            throw Broken($"told curves of {told.Count} variants, where the cell has {variants}");
        }

        return
        [
            .. (measured.Series ?? [])
                .Select((series, variant) => new VariantCurves(variant, Series(series)))
                .Where(c => c.Series.Count > 0),
        ];
    }

    private SortedDictionary<string, IReadOnlyList<CurvePoint>> Series(
        IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double?>>>? told
    )
    {
        var series = new SortedDictionary<string, IReadOnlyList<CurvePoint>>(StringComparer.Ordinal);
        foreach (var (name, points) in told ?? new Dictionary<string, IReadOnlyList<IReadOnlyList<double?>>>())
        {
            var kept = new List<CurvePoint>();
            foreach (var point in points ?? [])
            {
                if (point is not [var x, var y])
                {
                    throw Broken(
                        $"told a point of {point?.Count ?? 0} numbers in the series '{name}', where 2 are due"
                    );
                }

                if (x is { } a && y is { } b && double.IsFinite(a) && double.IsFinite(b))
                {
                    kept.Add(new CurvePoint(a, b));
                }
            }

            series[name] = kept;
        }

        return series;
    }

    private void CheckPlace(int variant)
    {
        if (variant < 0 || variant >= order.Prepare.Variants.Count)
        {
            throw Broken($"tells of variant {variant}, where the cell has {order.Prepare.Variants.Count}");
        }
    }
}
