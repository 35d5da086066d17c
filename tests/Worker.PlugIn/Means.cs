using Layerbench.Core.Catalog;
using Layerbench.Worker.Variants;
using Tensor = TorchSharp.torch.Tensor;

namespace Layerbench.Worker.PlugIn;

/// <summary>Every time step becomes the mean of the sequence, projected; and what can be wrong with such a layer.</summary>
public abstract class Mean : LayerVariant
{
    /// <summary>The catalogue's words under another name.</summary>
    protected static VariantInfo Named(string name) =>
        new(
            name,
            "mean pooling over time steps, then a projection",
            "y_t = (1/seq_len sum_s x_s) W",
            "a baseline; no paper",
            [
                new("batch", "integer", "sequences in a batch", Minimum: 1),
                new("seq_len", "integer", "time steps of a sequence", Minimum: 1),
                new("d_model", "integer", "features of a time step", Minimum: 1),
            ],
            [],
            "d_model**2",
            "2*batch*d_model**2+batch*seq_len*d_model",
            "4*(2*batch*seq_len*d_model+d_model**2)",
            []
        );

    /// <inheritdoc/>
    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var d = values.Integer("d_model");
        var w = weights.Plain(WeightSpec.Matrix("w", d, d));
        return (x, _) =>
            x.mean([1], keepdim: true)
                .Into(mean => mean.matmul(w))
                .Into(mean => mean.expand_as(x))
                .Into(y => Result(y.contiguous()));
    }

    /// <inheritdoc/>
    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    ) => x.sum(1, keepdim: true).div(values.Integer("seq_len")).matmul(weights["w"]).expand_as(x);

    /// <summary>What becomes of the right answer.</summary>
    protected virtual Tensor Result(Tensor right) => right;
}

/// <summary>As it should be.</summary>
public sealed class GoodMean : Mean
{
    /// <inheritdoc/>
    public override VariantInfo Info { get; } = Named("plug.mean");
}

/// <summary>Gives NaN.</summary>
public sealed class NanMean : Mean
{
    /// <inheritdoc/>
    public override VariantInfo Info { get; } = Named("plug.nan");

    /// <inheritdoc/>
    protected override Tensor Result(Tensor right) => right * double.NaN;
}

/// <summary>Loses a time step.</summary>
public sealed class ShortMean : Mean
{
    /// <inheritdoc/>
    public override VariantInfo Info { get; } = Named("plug.shape");

    /// <inheritdoc/>
    protected override Tensor Result(Tensor right) => right.narrow(1, 0, right.shape[1] - 1);
}

/// <summary>Throws.</summary>
public sealed class ThrowingMean : Mean
{
    /// <inheritdoc/>
    public override VariantInfo Info { get; } = Named("plug.throws");

    /// <inheritdoc/>
    protected override Tensor Result(Tensor right) => throw new InvalidOperationException("it is Tuesday");
}
