using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Launches;

/// <summary>What a worker is to do with one cell in one launch.</summary>
/// <param name="Orders">Empty for a memory or quality launch.</param>
/// <param name="Timeout">For the whole visit; where variants are trained, between two signs of life.</param>
/// <param name="Training">Null but for a quality launch.</param>
internal sealed record VisitOrder(
    Request.Prepare Prepare,
    LaunchKind Kind,
    IReadOnlyList<IReadOnlyList<int>> Orders,
    long MinimumSampleNanoseconds,
    TimeSpan WarmUpMinimum,
    TimeSpan WarmUpMaximum,
    TimeSpan Timeout,
    TrainingOrder? Training = null
);

/// <summary>What one visit brought.</summary>
/// <param name="Starts">By sample: when it began, in nanoseconds of the machine's monotonic clock; null where the worker does not tell.</param>
internal sealed record VisitFindings(
    PhaseTimes Phases,
    bool Steady,
    IReadOnlyList<VariantFacts> Variants,
    IReadOnlyList<Sample> Samples,
    IReadOnlyList<long?> Starts,
    IReadOnlyList<MemoryPeak> Memory
)
{
    public IReadOnlyList<Training> Trainings { get; init; } = [];

    public IReadOnlyList<VariantCurves> Curves { get; init; } = [];
}

/// <summary>One cell in one worker: prepare, measure, release, every answer checked. The worker is not trusted to be right, only to be a process.</summary>
internal sealed partial class CellVisit(IWorker worker, VisitOrder order, TimeProvider time, CancellationToken kill)
{
    /// <summary>Columns of a row of samples; docs/protocol.md.</summary>
    private const int Columns = 9;
    private const int ColumnsWithStart = 10;

    private const double MaximumSeconds = 1e9;

    private long startedAt = time.GetTimestamp();
    private Reply.Trouble? trouble;

    private string Cell => order.Prepare.Cell;

    /// <summary>The findings, or the trouble that the worker reports of the cell.</summary>
    /// <exception cref="WorkerLostException">The worker died, passed the cell's time or broke the protocol.</exception>
    public async Task<(VisitFindings? Findings, Reply.Trouble? Trouble)> RunAsync()
    {
        worker.Send(order.Prepare);
        if (await NextAsync<Reply.Prepared>().ConfigureAwait(false) is not { } prepared)
        {
            return (null, trouble);
        }

        var labels = order.Prepare.Variants.Select(v => v.Label);
        if (prepared.Variants?.Select(v => v.Label).SequenceEqual(labels, StringComparer.Ordinal) != true)
        {
            throw Broken("prepared other variants than it was told");
        }

        var facts = prepared.Variants.Select(v => new VariantFacts(
            v.Label,
            v.ParameterCount,
            v.ForwardError,
            v.GradientError,
            v.Tolerance
        ));
        var findings = order.Kind switch
        {
            LaunchKind.Time => await TimeAsync().ConfigureAwait(false),
            LaunchKind.Memory => await MemoryAsync().ConfigureAwait(false),
            LaunchKind.Quality => await TrainAsync(order.Training!).ConfigureAwait(false),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (findings is null)
        {
            return (null, trouble);
        }

        worker.Send(new Request.Release(Cell));
        if (await NextAsync<Reply.Released>().ConfigureAwait(false) is null)
        {
            return (null, trouble);
        }

        return (
            findings with
            {
                Variants = [.. facts],
                Phases = findings.Phases with { Gate = Span(prepared.GateSeconds) },
            },
            null
        );
    }

    private async Task<VisitFindings?> TimeAsync()
    {
        worker.Send(
            new Request.Measure(
                Cell,
                order.Orders,
                order.MinimumSampleNanoseconds,
                order.WarmUpMinimum.TotalSeconds,
                order.WarmUpMaximum.TotalSeconds
            )
        );
        if (await NextAsync<Reply.Warmed>().ConfigureAwait(false) is not { } warmed)
        {
            return null;
        }

        var variants = order.Prepare.Variants.Count;
        var samples = new List<Sample>(order.Orders.Count * variants);
        var starts = new List<long?>(order.Orders.Count * variants);
        while (true)
        {
            switch (await NextAsync().ConfigureAwait(false))
            {
                case Reply.Samples { Rows: not null } batch:
                    samples.AddRange(batch.Rows.Select(Read));
                    starts.AddRange(batch.Rows.Select(r => r.Count == ColumnsWithStart ? r[Columns] : (long?)null));
                    break;
                case Reply.Measured measured:
                    if (
                        samples.Count != order.Orders.Count * variants
                        || samples.DistinctBy(s => (s.Block, s.Variant)).Count() != samples.Count
                    )
                    {
                        throw Broken(
                            $"measured {samples.Count} samples, where each of {variants} variants was due once in each of {order.Orders.Count} blocks"
                        );
                    }

                    return new VisitFindings(
                        new PhaseTimes(TimeSpan.Zero, Span(warmed.Seconds), Span(measured.Seconds)),
                        warmed.Steady,
                        [],
                        samples,
                        starts,
                        []
                    )
                    {
                        Curves = Curves(measured),
                    };
                case Reply.Trouble:
                    return null;
                case var other:
                    throw OutOfTurn(other);
            }
        }
    }

    private async Task<VisitFindings?> MemoryAsync()
    {
        worker.Send(new Request.MeasureMemory(Cell));
        var before = time.GetTimestamp();
        if (await NextAsync<Reply.Memory>().ConfigureAwait(false) is not { } memory)
        {
            return null;
        }

        if (memory.PeakBytes?.Count != order.Prepare.Variants.Count || memory.Method is null)
        {
            throw Broken("told peaks of other variants than were prepared");
        }

        return new VisitFindings(
            new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, time.GetElapsedTime(before)),
            Steady: true,
            [],
            [],
            [],
            [.. memory.PeakBytes.Select((bytes, i) => new MemoryPeak(i, bytes, memory.Method))]
        );
    }

    /// <summary>The next reply, which must be of this type; null where the worker tells of trouble.</summary>
    private async Task<TReply?> NextAsync<TReply>()
        where TReply : Reply =>
        await NextAsync().ConfigureAwait(false) switch
        {
            TReply reply => reply,
            Reply.Trouble => null,
            var other => throw OutOfTurn(other),
        };

    /// <summary>The next reply, which must be about this cell.</summary>
    private async Task<Reply> NextAsync()
    {
        var left = order.Timeout - time.GetElapsedTime(startedAt);
        var reply = await worker.ReceiveAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, kill).ConfigureAwait(false);
        var cell = reply switch
        {
            Reply.Prepared r => r.Cell,
            Reply.Warmed r => r.Cell,
            Reply.Samples r => r.Cell,
            Reply.Measured r => r.Cell,
            Reply.Progress r => r.Cell,
            Reply.Rung r => r.Cell,
            Reply.Trained r => r.Cell,
            Reply.Memory r => r.Cell,
            Reply.Released r => r.Cell,
            Reply.Trouble r => r.Cell ?? Cell,
            _ => throw OutOfTurn(reply),
        };
        if (!string.Equals(cell, Cell, StringComparison.Ordinal))
        {
            throw Broken($"answered for cell '{cell}', where '{Cell}' was asked");
        }

        trouble = reply as Reply.Trouble;
        return reply;
    }

    private Sample Read(IReadOnlyList<long> row)
    {
        if (row?.Count is not (Columns or ColumnsWithStart))
        {
            throw Broken($"wrote a row of {row?.Count ?? 0} numbers, where {Columns} or {ColumnsWithStart} are due");
        }

        var (variant, block, position, iterations, wall) = (row[0], row[1], row[2], row[3], row[4]);
        if (
            block < 0
            || block >= order.Orders.Count
            || position < 0
            || position >= order.Orders[(int)block].Count
            || order.Orders[(int)block][(int)position] != variant
        )
        {
            throw Broken(
                $"timed variant {variant} at place {position} of block {block}, which is not the order it was given"
            );
        }

        // A time that is none (a clock that stood still) is kept and not accepted; see SampleScreen.
        return SampleScreen.Screen(
            new Sample(
                (int)variant,
                (int)block,
                (int)position,
                iterations,
                wall,
                row[5],
                row[6] < 0 ? null : row[6],
                row[7],
                row[8]
            )
        );
    }

    private TimeSpan Span(double seconds) =>
        seconds is >= 0 and <= MaximumSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw Broken($"told a phase of {seconds} s");

    private WorkerLostException Broken(string what) => new(LossCause.Protocol, $"the worker {what}", worker.StderrTail);

    private WorkerLostException OutOfTurn(Reply reply) =>
        Broken($"sent '{reply.GetType().Name.ToLowerInvariant()}' out of turn in cell {Cell}");
}
