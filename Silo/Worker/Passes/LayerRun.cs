using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Passes;

/// <summary>A layer built with its weights: what all passes are made of.</summary>
internal sealed class LayerRun
{
    private readonly LayerVariant variant;
    private readonly AxisValues values;
    private readonly SeededTensors source;
    private readonly List<Weight> own;

    /// <param name="trainable">Whether the pass records gradients.</param>
    public LayerRun(LayerVariant variant, AxisValues values, SeededTensors source, bool trainable)
    {
        this.variant = variant;
        this.values = values;
        this.source = source;
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

    public bool MixesTokens => variant.MixesTokens(values);

    /// <summary>How the layer takes <c>x</c> and gives <c>y</c>; the gate compares all of them as [batch, seq_len, d_model].</summary>
    public ItemLayout Layout => variant.Layout;

    /// <summary>An input of <paramref name="count"/> items as the layer takes it.</summary>
    /// <param name="onHost">Kept in host memory and not on the device.</param>
    public Tensor Input(string name, long count, bool onHost = false) =>
        (onHost ? source.OnHost : source).Input(
            name,
            [count, .. variant.ItemShape(values)],
            Layout.Name,
            Layout.ToStored
        );

    /// <summary>The output for <paramref name="x"/>, dropout off, no gradient recorded.</summary>
    /// <param name="x">As the layer takes it.</param>
    /// <returns>[batch, seq_len, d_model].</returns>
    public Tensor Output(Tensor x)
    {
        using var _ = torch.no_grad();
        return Layout.ToLogical(Layer(x, false));
    }

    /// <summary>The gradients, by name, that flow back from <paramref name="g"/> through the code under test.</summary>
    /// <param name="x">As the layer takes it.</param>
    /// <param name="g">[batch, seq_len, d_model].</param>
    /// <param name="withInput">Also the input's, as <c>x</c>.</param>
    public Dictionary<string, Tensor> Gradients(Tensor x, Tensor g, bool withInput)
    {
        if (own.Count == 0 && !withInput)
        {
            return [];
        }

        var input = x.detach().requires_grad_(withInput);
        Layer(input, false).backward([Layout.ToStored(g)]);
        var gradients = TakeGradients(own);
        if (withInput)
        {
            gradients["x"] = Layout.ToLogical(input.grad!);
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

    /// <summary>The layer's plain formula over the same weights.</summary>
    /// <param name="dtype">float64 for the reference; the type under test to see what that type can do at best.</param>
    public LayerFormula Formula(torch.ScalarType dtype) => new(variant, values, own, dtype);
}
