using Layerbench.Worker.Gate;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Passes;

/// <summary>A variant's plain formula in one dtype, and its gradients by autograd.</summary>
internal sealed class LayerFormula(
    LayerVariant variant,
    AxisValues values,
    IReadOnlyList<Weight> weights,
    torch.ScalarType dtype
)
{
    /// <summary>Elements of the largest tensor that float64 takes at once, so that its memory does not grow with the batch.</summary>
    private const long ChunkElements = 1L << 20;

    /// <param name="kinks">Told of every hidden tensor; null where nobody asks.</param>
    public Tensor Output(Tensor x, Kinks? kinks)
    {
        using var _ = torch.no_grad();
        var copies = Copies(gradients: false);
        var result = torch.empty(x.shape, dtype, x.device);
        foreach (var (first, count) in Chunks(x))
        {
            using var scope = torch.NewDisposeScope();
            var part = x.narrow(0, first, count).to(dtype);
            var y = variant.Reference(part, copies, values, Noted);
            result.narrow(0, first, count).copy_(y);
            scope.MoveToOuter(kinks?.EndPart() ?? []);
        }

        return result;

        Tensor Noted(Tensor hidden)
        {
            kinks?.Note(hidden);
            return kinks?.Sided(hidden) ?? hidden;
        }
    }

    /// <summary>The gradients, by name, that flow back from <paramref name="g"/>.</summary>
    /// <param name="withInput">Also the input's, as <c>x</c>.</param>
    /// <param name="kinks">Say which side undetermined units are on.</param>
    public Dictionary<string, Tensor> Gradients(Tensor x, Tensor g, bool withInput, Kinks kinks)
    {
        if (weights.Count == 0 && !withInput)
        {
            return [];
        }

        var copies = Copies(gradients: true);
        var inputGradient = withInput ? torch.empty(x.shape, dtype, x.device) : null;
        foreach (var (first, count) in Chunks(x))
        {
            using var scope = torch.NewDisposeScope();
            var part = x.narrow(0, first, count).to(dtype).detach().requires_grad_(withInput);
            var upstream = g.narrow(0, first, count).to(dtype);
            // Weights' gradients add up over the parts.
            variant.Reference(part, copies, values, kinks.Sided).backward([upstream]);
            inputGradient?.narrow(0, first, count).copy_(part.grad!);
        }

        var gradients = copies.ToDictionary(w => w.Key, w => w.Value.grad!);
        if (inputGradient is not null)
        {
            gradients["x"] = inputGradient;
        }

        return gradients;
    }

    private Dictionary<string, Tensor> Copies(bool gradients) =>
        weights.ToDictionary(
            w => w.Name,
            // A copy in every case: a weight of the same dtype would else be the leaf under test itself.
            w => w.ToLogical(w.Stored.detach()).to(dtype).clone().requires_grad_(gradients)
        );

    private IEnumerable<(long First, long Count)> Chunks(Tensor x)
    {
        var batch = x.shape[0];
        var item = Math.Max(1, variant.LargestItem(values));
        // Whole in a short type, where adding up over parts rounds once more for each.
        var step = dtype == torch.ScalarType.Float64 ? Math.Max(1, ChunkElements / item) : batch;
        for (var first = 0L; first < batch; first += step)
        {
            yield return (first, Math.Min(step, batch - first));
        }
    }
}
