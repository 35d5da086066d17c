using Layerbench.Core.Catalog;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Sweeps;

/// <summary>What the steps of a training cost beside the variant.</summary>
internal sealed class StepWork
{
    private readonly Expression steps;
    private readonly Expression flops;
    private readonly Expression bytes;

    private StepWork(string steps, string flops, string bytes) =>
        (this.steps, this.flops, this.bytes) = (
            Expression.Parse(steps),
            Expression.Parse(flops),
            Expression.Parse(bytes)
        );

    /// <summary>Null where the pass makes no steps.</summary>
    /// <exception cref="ExpressionException">The catalogue has an expression that cannot be read.</exception>
    public static StepWork? Of(PassInfo pass) =>
        pass.Steps is { } steps ? new(steps, pass.StepFlops ?? "0", pass.StepBytes ?? "0") : null;

    /// <exception cref="ExpressionException">It cannot be computed at this point.</exception>
    public CellCost AddTo(CellCost variant, Func<string, AxisValue?> lookup)
    {
        var count = steps.Number(lookup);
        return variant with
        {
            Flops = variant.Flops + (count * flops.Number(lookup)),
            Bytes = variant.Bytes + (count * bytes.Number(lookup)),
            Steps = count,
        };
    }
}
