using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;

namespace Layerbench.Engine.Launches;

/// <summary>What a worker is told to do with a cell, and what the catalogue adds to what it brought.</summary>
internal sealed class CellOrders(SliceContext context, DeviceInfo device)
{
    private const string Steps = "steps";

    private readonly SliceRunnerOptions options = context.Options;
    private readonly SliceRunnerParts parts = context.Parts;

    /// <param name="number">The launch's, of its kind.</param>
    /// <param name="seed">Of the blocks' orders.</param>
    public VisitOrder Of(Cell cell, LaunchKind kind, int number, ulong seed, CancellationToken kill)
    {
        var measure = options.Measure;
        var passAxes = PassOf(cell)?.Axes ?? [];
        var variants = cell.Variants.Select(use =>
        {
            var parameters = use.Parameters;
            var missing = passAxes.Where(a => !parameters.ContainsKey(a.Name) && cell.Point.Find(a.Name) is not null);
            if (missing.Any())
            {
                var all = new Dictionary<string, AxisValue>(parameters, StringComparer.Ordinal);
                foreach (var axis in missing.ToList())
                {
                    all[axis.Name] = cell.Point[axis.Name];
                }

                parameters = all;
            }

            return new PreparedVariant(use.Label, use.Variant, parameters, use.ExtraWork > 0 ? use.ExtraWork : null);
        });
        return new VisitOrder(
            new Request.Prepare(
                cell.Id.Value,
                cell.Pass,
                cell.Dtype,
                DataSeed(cell),
                Gate: kind != LaunchKind.Memory && number == 0,
                [.. variants]
            ),
            kind,
            kind == LaunchKind.Time ? parts.Orders(cell.Variants.Count, measure.Blocks, seed) : [],
            (long)measure.MinimumSample.TotalNanoseconds,
            measure.WarmUpMinimum,
            measure.WarmUpMaximum,
            measure.CellTimeout,
            kind == LaunchKind.Quality ? Training(cell, kill) : null
        );
    }

    /// <summary>
    /// With what the plan chose for the variant, and what an iteration has to do, which the catalogue knows now and may
    /// tell otherwise later.
    /// </summary>
    public VariantFacts WithPlanned(VariantFacts facts, VariantUse use, Cell cell) =>
        WithWork(facts with { Matched = use.Matched }, use, cell);

    private VariantFacts WithWork(VariantFacts facts, VariantUse use, Cell cell) =>
        parts.Catalog.FindVariant(use.Variant) is { } variant
        && PassOf(cell) is { } pass
        && VariantWork.Of(
            variant,
            pass,
            name => use.Parameters.TryGetValue(name, out var v) ? v : cell.Point.Find(name)
        )
            is { } work
            ? facts with
            {
                Flops = work.Flops,
                Bytes = work.Bytes,
            }
            : facts;

    /// <summary>
    /// The same data in every launch of a cell: launches differ in nothing that is chosen. Trainings that are compared
    /// start from the same seed, so that learning rates differ in nothing else.
    /// </summary>
    private ulong DataSeed(Cell cell) =>
        cell.IsQuality
            ? SeededRandom.Derive(options.Seed, "data", TrainingGroup.Of(cell))
            : SeededRandom.Derive(options.Seed, "data", cell.Id);

    private TrainingOrder Training(Cell cell, CancellationToken kill)
    {
        var pass = PassOf(cell);
        // One list of rungs for the cell: its shortest training has them all.
        long? steps = cell.Variants.Min(use =>
            Find(cell, use, Steps) is { IsInteger: true } n ? n.Integer : (long?)null
        );
        return new TrainingOrder(
            pass?.Metric ?? "",
            Guess(pass, cell),
            options.Measure.Prune is { } prune && steps is { } all ? prune.StepsOf(all) : [],
            progress => context.OnEvent(Told(progress, cell, pass?.Metric ?? "")),
            async rung =>
            {
                var arrival = new RungArrival(
                    TrainingGroup.Of(cell),
                    cell.Variants[rung.Variant].Label,
                    cell.Id,
                    rung.Step,
                    rung.Value
                );
                var decision = await context.Rungs.DecideAsync(arrival, kill).ConfigureAwait(false);
                context.OnEvent(new EngineEvent.RungDecided(parts.Time.GetUtcNow(), device.Id, cell, decision));
                return decision.Go;
            }
        );
    }

    private EngineEvent.TrainingProgressed Told(Reply.Progress progress, Cell cell, string metric)
    {
        var use = cell.Variants[progress.Variant];
        return new(
            parts.Time.GetUtcNow(),
            device.Id,
            cell,
            use.Label,
            progress.Step,
            Find(cell, use, Steps) is { IsInteger: true } n ? n.Integer : null,
            metric,
            Finite(progress.Values?.GetValueOrDefault(metric)),
            Finite(progress.Values?.GetValueOrDefault("loss"))
        );
    }

    /// <summary>Null where the pass tells none, or its formula gives no number here.</summary>
    private static double? Guess(PassInfo? pass, Cell cell)
    {
        try
        {
            return pass?.Guess is { } guess
                ? Finite(Expression.Parse(guess).Number(name => Find(cell, cell.Variants[0], name)))
                : null;
        }
        catch (ExpressionException)
        {
            return null;
        }
    }

    private static AxisValue? Find(Cell cell, VariantUse use, string name) =>
        use.Parameters.TryGetValue(name, out var value) ? value : cell.Point.Find(name);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private PassInfo? PassOf(Cell cell) => parts.Catalog.FindPass(cell.Pass);
}
