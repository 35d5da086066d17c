using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>MLP-Mixer's token mixing: one hidden layer over the time steps, the same for every channel.</summary>
internal sealed class MixMlp : MixerLayer
{
    public override VariantInfo Info { get; } =
        new(
            "mix.mlp",
            "Token-mixing MLP: one hidden layer over time steps, shared by the channels; no causal form",
            "y[:,c] = T2^T GELU(T1^T x[:,c]) for every channel c, GELU exact",
            "I. Tolstikhin et al., MLP-Mixer, 2021, equation 1, without biases; arXiv:2105.01601",
            [.. Axes, new("tokens_ff", "integer", "hidden units over time steps", "2*seq_len", Minimum: 1)],
            [],
            "2*seq_len*tokens_ff",
            "4*batch*seq_len*tokens_ff*d_model",
            "4*(2*batch*seq_len*d_model+2*batch*tokens_ff*d_model+2*seq_len*tokens_ff)",
            []
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, hidden) = (values.Integer("seq_len"), values.Integer("tokens_ff"));
        var t1 = weights.Plain(WeightSpec.Matrix("t1", seqLen, hidden));
        var t2 = weights.Plain(WeightSpec.Matrix("t2", hidden, seqLen));
        return (x, _) =>
            x.transpose(1, 2)
                .Into(turned => turned.matmul(t1))
                .Into(z => z.gelu())
                .Into(units => units.matmul(t2))
                .Into(turned => turned.transpose(1, 2))
                .Into(y => y.contiguous());
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    ) => Nonlinearity.Gelu(x.transpose(1, 2).matmul(weights["t1"])).matmul(weights["t2"]).transpose(1, 2);
}
