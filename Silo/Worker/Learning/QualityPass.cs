using Layerbench.Core.Protocol;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Passes;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Learning;

/// <summary>A pass that sees once what a layer can learn or do, instead of timing it.</summary>
internal abstract class QualityPass : Pass
{
    /// <summary>Whether there is anything to learn at this point at all.</summary>
    /// <exception cref="NotSupportedException">There is not; the message says what to give.</exception>
    /// <exception cref="ArgumentException">It was asked for with extra work.</exception>
    public void Check(Variant variant, AxisValues values, double extraWork)
    {
        if (variant is not LayerVariant)
        {
            throw new NotSupportedException(
                $"{Info.Name}: {variant.Info.Name} is no layer and learns nothing; leave it out of this pass"
            );
        }

        if (extraWork != 0)
        {
            throw new ArgumentException($"extra_work: {Info.Name} is not timed; give none.");
        }

        Check(values);
    }

    /// <summary>Whether the task exists at this point.</summary>
    protected abstract void Check(AxisValues values);

    /// <param name="layer">The variant with the weights that the gate has seen.</param>
    protected abstract TrainedVariant Study(QualityWorkload layer, ILearningLine line);

    /// <summary>Whether gradients are a part of it, and of its gate.</summary>
    protected virtual bool Trains => true;

    public sealed override Workload Prepare(LayerVariant variant, AxisValues values, SeededTensors source) =>
        new QualityWorkload(variant, values, source, Trains, Study);

    protected static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new NotSupportedException(otherwise);
        }
    }
}

/// <summary>The layer itself, for the gate, and what a quality pass does with it.</summary>
internal sealed class QualityWorkload(
    LayerVariant variant,
    AxisValues values,
    SeededTensors source,
    bool trains,
    Func<QualityWorkload, ILearningLine, TrainedVariant> study
) : BatchWorkload(variant, values, source, trains, trains)
{
    public LayerVariant Variant { get; } = variant;
    public AxisValues Values { get; } = values;
    public SeededTensors Source { get; } = source;

    /// <summary>The gate's own batch, [batch, seq_len, d_model].</summary>
    public Tensor Batch => Made.Layout.ToLogical(X.detach());

    /// <summary>The weights that the gate has seen, by name, in their logical layouts.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights =>
        Made.Weights.All.ToDictionary(w => w.Name, w => w.ToLogical(w.Stored.detach()));

    /// <summary>Does it, once. Tensors belong to the scope that is open.</summary>
    public TrainedVariant Study(ILearningLine line) => study(this, line);

    public override void Run(long iterations) => throw new InvalidOperationException("A quality pass is not timed.");

    public override void Dispose() { }
}
