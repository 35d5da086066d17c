using Layerbench.Worker.Generator;
using TorchSharp.Modules;

namespace Layerbench.Worker.Variants;

/// <summary>A trainable tensor of a variant, as the generator sees it.</summary>
/// <param name="Name">What the generator hashes; the same in every worker and every variant that must give equal outputs.</param>
/// <param name="Shape">The logical shape, e.g. <c>[d_model, d_ff]</c>; elements are counted row-major in it.</param>
public sealed record WeightSpec(string Name, IReadOnlyList<long> Shape, double Mean, double Deviation)
{
    /// <summary>N(0, 1/fan_in) for a matrix <c>[fan_in, fan_out]</c>.</summary>
    public static WeightSpec Matrix(string name, params long[] shape) => new(name, shape, 0, 1 / Math.Sqrt(shape[0]));

    /// <summary>N(0, 1/fan_in) for a tensor whose outputs are sums over <paramref name="fanIn"/> products.</summary>
    public static WeightSpec Fan(string name, long fanIn, params long[] shape) =>
        new(name, shape, 0, 1 / Math.Sqrt(fanIn));

    /// <summary>N(0, 0.01²): never zero, so that a bias that is left out is noticed.</summary>
    public static WeightSpec Bias(string name, long length) => new(name, [length], 0, 0.01);

    /// <summary>1 + N(0, 0.1²).</summary>
    public static WeightSpec Scale(string name, long length) => new(name, [length], 1, 0.1);
}

/// <summary>
/// Draws a layer's weights and remembers how each is laid out, so that gradients can be compared by name whatever the
/// layout: a linear layer keeps the transpose of the logical matrix, a convolution keeps that as <c>[out, in, 1]</c>.
/// </summary>
public sealed class WeightSet
{
    private readonly SeededTensors source;
    private readonly bool trainable;
    private readonly string prefix;
    private readonly List<Weight> weights;

    /// <param name="trainable">False where the pass records no gradient.</param>
    internal WeightSet(SeededTensors source, bool trainable)
        : this(source, trainable, "", []) { }

    private WeightSet(SeededTensors source, bool trainable, string prefix, List<Weight> weights)
    {
        this.source = source;
        this.trainable = trainable;
        this.prefix = prefix;
        this.weights = weights;
    }

    internal IReadOnlyList<Weight> All => weights;

    /// <summary>What they are drawn from: its dtype and device are the layer's.</summary>
    internal SeededTensors Source => source;

    public long ParameterCount => weights.Sum(w => w.Stored.numel());

    /// <summary>A part's own weights, which are this set's too once they are drawn.</summary>
    public WeightSet Part(string name) => new(source, trainable, prefix + name, weights);

    /// <summary>Stored as it is drawn.</summary>
    public Parameter Plain(WeightSpec spec) => Add(spec, t => t, t => t);

    /// <summary>Stored as a linear layer has it: <c>[fan_out, fan_in]</c>.</summary>
    public Parameter Linear(WeightSpec spec) => Add(spec, t => t.t().contiguous(), t => t.t());

    /// <summary>A convolution's: stored as <c>[out, in, width]</c> of a logical <c>[width, in, out]</c>.</summary>
    public Parameter Kernel(WeightSpec spec) =>
        Add(spec, t => t.permute(2, 1, 0).contiguous(), t => t.permute(2, 1, 0));

    /// <summary>Stored as a convolution of kernel 1 has it: <c>[fan_out, fan_in, 1]</c>.</summary>
    public Parameter Pointwise(WeightSpec spec) =>
        Add(spec, t => t.t().contiguous().unsqueeze(-1), t => t.squeeze(-1).t());

    /// <summary>One weight for each element of an item, in the order in which the layout keeps them.</summary>
    /// <param name="item">[seq_len, d_model].</param>
    public Parameter Flattened(WeightSpec spec, IReadOnlyList<long> item, ItemLayout layout) =>
        Add(spec, t => layout.ToStored(t.view([1, .. item])).flatten(), t => layout.FromFlat(t, item));

    /// <summary>Stored as it is given, in any layout that is a rearrangement of the logical one.</summary>
    public Parameter Arranged(WeightSpec spec, Func<Tensor, Tensor> toStored, Func<Tensor, Tensor> toLogical) =>
        Add(spec, toStored, toLogical);

    /// <summary>
    /// Stored as a depthwise convolution has it: <c>[channels, 1, width]</c> of a logical <c>[width, channels]</c>.
    /// </summary>
    public Parameter Depthwise(WeightSpec spec) =>
        Add(spec, t => t.t().contiguous().unsqueeze(1), t => t.squeeze(1).t());

    private Parameter Add(WeightSpec spec, Func<Tensor, Tensor> toStored, Func<Tensor, Tensor> toLogical)
    {
        using var scope = torch.NewDisposeScope();
        var name = prefix + spec.Name;
        var logical = source.Normal(name, spec.Shape, spec.Mean, spec.Deviation);
        var stored = scope.MoveToOuter(new Parameter(toStored(logical).detach(), trainable));
        weights.Add(new(name, stored, toLogical));
        return stored;
    }
}

/// <param name="ToLogical">A view of the stored layout as the logical one.</param>
internal sealed record Weight(string Name, Parameter Stored, Func<Tensor, Tensor> ToLogical);
