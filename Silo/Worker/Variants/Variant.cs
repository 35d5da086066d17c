using Layerbench.Core.Catalog;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Variants;

/// <summary>
/// One implementation under comparison. Every non-abstract subclass in this assembly is in the catalogue
/// (<see cref="VariantRegistry"/>), so that a new variant is one new file; those of a plug-in are beside them.
/// </summary>
public abstract class Variant
{
    private protected Variant() { }

    public abstract VariantInfo Info { get; }

    /// <summary>Makes the inputs and weights of a pass over this variant. Tensors belong to the scope that is open.</summary>
    internal abstract Workload Prepare(Pass pass, AxisValues values, SeededTensors source);
}

/// <summary>
/// A variant that is a layer: from a batch of items to a batch of items of the same shape. What a plug-in derives from,
/// with a constructor without parameters; it is made without libtorch, so it holds no tensors.
/// </summary>
public abstract class LayerVariant : Variant
{
    /// <summary>
    /// The variant whose <see cref="Reference"/> this one's is: a cell with several exactly equal forms computes it once.
    /// </summary>
    public virtual string ReferenceName => Info.Name;

    /// <summary>Elements of the largest tensor that the reference makes of one item.</summary>
    public virtual long LargestItem(AxisValues values) =>
        ItemShape(values).Aggregate(1L, (product, n) => checked(product * n));

    /// <summary>It can be a part of a network: its items are row by row, and it has no residual or depth of its own.</summary>
    public virtual bool CanBePart => Layout == ItemLayout.ChannelsLast;

    /// <summary>There is a form in which no output depends on a later token.</summary>
    public virtual bool CanBeCausal => Info.Axes.Any(a => a.Name == "causal");

    /// <summary>An output depends on other tokens, whatever <c>causal</c> says.</summary>
    public virtual bool SpansTokens => false;

    /// <summary>A hidden unit with a kink has a part in the gradients of other tokens.</summary>
    public virtual bool MixesTokens(AxisValues values) => false;

    /// <summary>How the built layer wants its input and gives its output.</summary>
    public virtual ItemLayout Layout => ItemLayout.ChannelsLast;

    /// <summary>Shape of one item, without the batch.</summary>
    public IReadOnlyList<long> ItemShape(AxisValues values) => [values.Integer("seq_len"), values.Integer("d_model")];

    /// <summary>
    /// Draws the weights and gives the layer: from an input and whether dropout is on to the output. The layer
    /// disposes of its temporaries as soon as they are used, as the reference counts of Python do.
    /// </summary>
    public abstract Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights);

    /// <summary>
    /// The plainest formula, without dropout, on float64 tensors in their logical layouts. Autograd gives its gradients.
    /// </summary>
    /// <param name="x">[batch, …item].</param>
    /// <param name="weights">By name.</param>
    /// <param name="kinks">
    /// Every tensor whose sign decides a gradient, [batch, seq_len, …], goes through it: a ReLU is <c>kinks(z).clamp_min(0)</c>.
    /// </param>
    public abstract Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    );

    internal sealed override Workload Prepare(Pass pass, AxisValues values, SeededTensors source) =>
        pass.Prepare(this, values, source);
}
