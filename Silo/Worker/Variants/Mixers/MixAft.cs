using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>Attention-free transformer, full form: weights over time steps are learnt positions times keys.</summary>
internal sealed class MixAft : MixerLayer
{
    public override VariantInfo Info { get; } =
        new(
            "mix.aft",
            "Attention-free transformer (AFT-full): for each channel a mean of values weighted by keys and positions",
            "y_t = sigmoid(q_t) * sum_s exp(k_s + w_ts) v_s / sum_s exp(k_s + w_ts), q = x Wq, k and v likewise; causal: s <= t",
            "S. Zhai et al., An Attention Free Transformer, 2021, equation 2; arXiv:2105.14103",
            [.. Axes, Causal],
            [],
            "3*d_model**2+seq_len**2",
            "batch*(6*seq_len*d_model**2+4*seq_len**2*d_model)",
            "4*(14*batch*seq_len*d_model+3*d_model**2+3*seq_len**2)",
            []
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, d) = (values.Integer("seq_len"), values.Integer("d_model"));
        var wq = weights.Linear(WeightSpec.Matrix("wq", d, d));
        var wk = weights.Linear(WeightSpec.Matrix("wk", d, d));
        var wv = weights.Linear(WeightSpec.Matrix("wv", d, d));
        var positions = weights.Plain(WeightSpec.Matrix("positions", seqLen, seqLen));
        var future = values.Truth("causal") ? Causality.Future(seqLen, positions.device) : null;
        // exp(k + w) as a product of two, each taken relative to its largest, which cancels in the quotient.
        return (x, _) =>
        {
            var logits = future is null ? positions.alias() : positions.masked_fill(future, double.NegativeInfinity);
            using var overTime = logits.Into(z => Exponential(z, -1));
            using var keys = Functional.linear(x, wk).Into(z => Exponential(z, 1));
            var sums = Functional.linear(x, wv).Into(keys.mul).Into(overTime.matmul);
            var mean = overTime.matmul(keys).Into(below => sums.div(below));
            sums.Dispose();
            var gate = Functional.linear(x, wq).Into(z => z.sigmoid());
            return mean.Into(m => gate.Into(m.mul));
        };
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var share = weights["positions"].exp();
        share = values.Truth("causal") ? share.tril() : share;
        var keys = x.matmul(weights["wk"]).exp();
        var mean = share.matmul(keys.mul(x.matmul(weights["wv"]))).div(share.matmul(keys));
        return Nonlinearity.Sigmoid(x.matmul(weights["wq"])).mul(mean);
    }

    private static Tensor Exponential(Tensor z, long dimension)
    {
        using var detached = z.detach();
        return detached.amax([dimension], keepdim: true).Into(z.sub).Into(shifted => shifted.exp());
    }
}
