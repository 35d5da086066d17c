using System.Diagnostics;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Gate;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Learning;

/// <summary>Does the layer let two tokens interact at all? The mixed second difference, without training.</summary>
/// <remarks>
/// For tokens 0 and j: max |f(both changed) − f(0 changed) − f(j changed) + f(none changed)| over sequences, tokens and
/// features, f the plain formula in float64 that the gate holds the code to. A change replaces a token by other N(0, 1)
/// numbers.
/// </remarks>
internal sealed class Interaction : QualityPass
{
    private const int MostDistances = 64;

    /// <summary>Inputs and weights are multiples of 2⁻⁸, so that sums of products of a few of them are exact.</summary>
    private const double Grid = 256;

    /// <summary>What formulas leave of rounding, relative to the largest output: a thousand times float64's own.</summary>
    private const double Rounding = 1e-12;

    public override PassInfo Info { get; } =
        new(
            "interaction",
            "The largest mixed second difference of the layer's output in two tokens, relative to the largest output, in "
                + "float64; exactly 0 where no output depends on the two jointly",
            [],
            $"{2 + (2 * MostDistances)}",
            "4",
            "quality",
            "interaction"
        );

    protected override bool Trains => false;

    protected override void Check(AxisValues values) =>
        Require(values.Integer("seq_len") >= 2, "seq_len: is 1; give at least 2, for two tokens to interact");

    protected override TrainedVariant Study(QualityWorkload layer, ILearningLine line)
    {
        var start = Stopwatch.GetTimestamp();
        var (found, largest) = Examine(layer);
        if (!found.TrueForAll(d => double.IsFinite(d.Difference)))
        {
            throw new IncorrectException("output: of the plain formula has a NaN or an infinite value.");
        }

        var shares = found.ConvertAll(d =>
            (d.Distance, Share: d.Difference <= Rounding * largest ? 0 : d.Difference / largest)
        );
        var values = new Dictionary<string, double?> { ["interaction"] = shares.Max(s => s.Share) };
        line.Tell(0, values);
        return new(
            "finished",
            0,
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            values,
            new Dictionary<string, IReadOnlyList<IReadOnlyList<double?>>>
            {
                ["interaction"] = shares.ConvertAll(s => (IReadOnlyList<double?>)[s.Distance, s.Share]),
            }
        );
    }

    private static (List<(long Distance, double Difference)> Found, double Largest) Examine(QualityWorkload layer)
    {
        using var _ = torch.no_grad();
        var x = OnGrid(layer.Batch);
        var other = OnGrid(layer.Source.Normal("x2", x.shape, 0, 1));
        var weights = layer.Weights.ToDictionary(w => w.Key, w => OnGrid(w.Value));
        var first = Changed(x, 0);
        var (y, yFirst) = (F(x), F(first));
        var largest = Greatest(y);
        var found = new List<(long, double)>();
        foreach (var j in Distances(x.shape[1]))
        {
            using var scope = torch.NewDisposeScope();
            var (ySecond, yBoth) = (F(Changed(x, j)), F(Changed(first, j)));
            found.Add((j, Greatest(yBoth.sub(yFirst).sub(ySecond.sub(y)))));
            largest = Math.Max(largest, Math.Max(Greatest(ySecond), Greatest(yBoth)));
        }

        return (found, largest);

        Tensor F(Tensor value) => layer.Variant.Reference(value, weights, layer.Values, z => z);

        Tensor Changed(Tensor value, long token)
        {
            var changed = value.clone();
            changed.narrow(1, token, 1).copy_(other.narrow(1, token, 1));
            return changed;
        }
    }

    /// <summary>1 to length − 1, all of them or 64 in steps of a constant factor.</summary>
    private static IEnumerable<long> Distances(long length)
    {
        var most = length - 1;
        return Enumerable
            .Range(0, (int)Math.Min(most, MostDistances))
            .Select(i =>
                most <= MostDistances
                    ? i + 1
                    : (long)Math.Round(Math.Pow(most, i / (MostDistances - 1.0)), MidpointRounding.ToEven)
            )
            .Distinct();
    }

    private static Tensor OnGrid(Tensor tensor) => tensor.to(torch.ScalarType.Float64).mul(Grid).round().div(Grid);

    private static double Greatest(Tensor tensor) => tensor.abs().max().item<double>();
}
