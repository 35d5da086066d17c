using Layerbench.Worker.Gate;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Passes;

/// <summary>A layer built with its weights, and its float64 reference: what all passes are made of.</summary>
internal sealed class LayerRun
{
    /// <summary>Elements of the input that the reference takes at once, so that its memory does not grow with the batch.</summary>
    private const long ReferenceChunkElements = 1L << 20;

    private readonly LayerVariant variant;
    private readonly AxisValues values;
    private readonly List<Weight> own;

    /// <param name="trainable">Whether the pass records gradients.</param>
    public LayerRun(LayerVariant variant, AxisValues values, SeededTensors source, bool trainable)
    {
        this.variant = variant;
        this.values = values;
        Weights = new(source, trainable);
        Layer = variant.Build(values, Weights);
        own = [.. Weights.All];
        ParameterCount = Weights.ParameterCount;
    }

    /// <summary>The layer's weights, and those that a pass adds.</summary>
    public WeightSet Weights { get; }

    /// <summary>Of the layer alone.</summary>
    public long ParameterCount { get; }

    /// <summary>From an input and whether dropout is on to the output.</summary>
    public Func<Tensor, bool, Tensor> Layer { get; }

    public string ReferenceKey => $"{variant.ReferenceName} {values}";

    /// <summary>[count, …item].</summary>
    public long[] BatchShape(long count) => [count, .. variant.ItemShape(values)];

    /// <summary>The output for <paramref name="x"/>, dropout off, no gradient recorded.</summary>
    public Tensor Output(Tensor x)
    {
        using var _ = torch.no_grad();
        return Layer(x, false);
    }

    /// <summary>The gradients, by name, that flow back from <paramref name="g"/> through the code under test.</summary>
    /// <param name="withInput">Also the input's, as <c>x</c>.</param>
    public Dictionary<string, Tensor> Gradients(Tensor x, Tensor g, bool withInput)
    {
        var input = x.detach().requires_grad_(withInput);
        Layer(input, false).backward([g]);
        var gradients = TakeGradients(own);
        if (withInput)
        {
            gradients["x"] = input.grad!;
        }

        return gradients;
    }

    /// <summary>The weights' gradients in their logical layouts; the weights are left without.</summary>
    public static Dictionary<string, Tensor> TakeGradients(IReadOnlyList<Weight> weights)
    {
        var gradients = weights.ToDictionary(w => w.Name, w => w.ToLogical(w.Stored.grad!));
        foreach (var weight in weights)
        {
            weight.Stored.grad = null;
        }

        return gradients;
    }

    /// <summary>The reference's output in float64.</summary>
    public Tensor ReferenceOutput(Tensor x, Kinks kinks)
    {
        using var _ = torch.no_grad();
        var weights = ReferenceWeights(gradients: false);
        var result = torch.empty(x.shape, torch.ScalarType.Float64, x.device);
        foreach (var (first, count) in Chunks(x))
        {
            using var scope = torch.NewDisposeScope();
            var part = x.narrow(0, first, count).to(torch.ScalarType.Float64);
            result.narrow(0, first, count).copy_(variant.Reference(part, weights, values, kinks.Note));
            scope.MoveToOuter(kinks.EndPart());
        }

        return result;
    }

    /// <summary>The reference's gradients in float64.</summary>
    public Dictionary<string, Tensor> ReferenceGradients(Tensor x, Tensor g, bool withInput)
    {
        var weights = ReferenceWeights(gradients: true);
        var inputGradient = withInput ? torch.empty(x.shape, torch.ScalarType.Float64, x.device) : null;
        foreach (var (first, count) in Chunks(x))
        {
            using var scope = torch.NewDisposeScope();
            var part = x.narrow(0, first, count).to(torch.ScalarType.Float64).detach().requires_grad_(withInput);
            var upstream = g.narrow(0, first, count).to(torch.ScalarType.Float64);
            // Weights' gradients add up over the parts.
            variant.Reference(part, weights, values, _ => { }).backward([upstream]);
            inputGradient?.narrow(0, first, count).copy_(part.grad!);
        }

        var gradients = weights.ToDictionary(w => w.Key, w => w.Value.grad!);
        if (inputGradient is not null)
        {
            gradients["x"] = inputGradient;
        }

        return gradients;
    }

    private Dictionary<string, Tensor> ReferenceWeights(bool gradients) =>
        own.ToDictionary(
            w => w.Name,
            // A copy in every case: a float64 weight would else be the leaf under test itself.
            w => w.ToLogical(w.Stored.detach()).to(torch.ScalarType.Float64).clone().requires_grad_(gradients)
        );

    private IEnumerable<(long First, long Count)> Chunks(Tensor x)
    {
        var batch = x.shape[0];
        var item = Math.Max(1, variant.ItemShape(values).Aggregate(1L, (product, n) => product * n));
        var step = Math.Max(1, ReferenceChunkElements / item);
        for (var first = 0L; first < batch; first += step)
        {
            yield return (first, Math.Min(step, batch - first));
        }
    }
}
