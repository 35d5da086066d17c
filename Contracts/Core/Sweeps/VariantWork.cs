using Layerbench.Core.Catalog;

namespace Layerbench.Core.Sweeps;

/// <summary>What one iteration has to do at least, by the catalogue's formulas.</summary>
/// <param name="Flops">A multiply-accumulate counts as 2.</param>
/// <param name="Bytes">Moved unfused, at 4 bytes an element.</param>
public readonly record struct VariantWork(double Flops, double Bytes)
{
    /// <param name="lookup">Values of what the variant and the pass take, by name.</param>
    /// <returns>Null where the formulas give no number here.</returns>
    public static VariantWork? Of(VariantInfo variant, PassInfo pass, Func<string, AxisValue?> lookup)
    {
        try
        {
            // A pass moves the forward pass's bytes about as many times more as it does its FLOPs: each product is one
            // pass over its operands.
            var factor = Expression.Parse(pass.FlopsFactor).Number(lookup);
            var work = new VariantWork(
                Expression.Parse(variant.ForwardFlops).Number(lookup) * factor,
                Expression.Parse(variant.ForwardBytes).Number(lookup) * factor
            );
            return double.IsFinite(work.Flops) && double.IsFinite(work.Bytes) ? work : null;
        }
        catch (ExpressionException)
        {
            return null;
        }
    }
}
