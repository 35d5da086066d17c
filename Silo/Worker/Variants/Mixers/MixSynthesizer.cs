using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>Dense Synthesizer: each time step makes its row of attention weights from itself alone.</summary>
internal sealed class MixSynthesizer : MixerLayer
{
    public override VariantInfo Info { get; } =
        new(
            "mix.synthesizer",
            "Dense Synthesizer, one head: attention weights made from each time step alone, no queries and keys",
            "y = softmax(max(0, x A1 + c1) A2 + c2) (x Wv), A2 [d_model, seq_len]; causal: the softmax of row t is over s <= t",
            "Y. Tay et al., Synthesizer, 2020, section 3.1; arXiv:2005.00743",
            [.. Axes, Causal],
            [],
            "2*d_model**2+d_model+d_model*seq_len+seq_len",
            "batch*(4*seq_len*d_model**2+4*seq_len**2*d_model+5*seq_len**2)",
            "4*(7*batch*seq_len*d_model+4*batch*seq_len**2+2*d_model**2+d_model*seq_len)",
            []
        );

    public override bool MixesTokens(AxisValues values) => true;

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, d) = (values.Integer("seq_len"), values.Integer("d_model"));
        var a1 = weights.Linear(WeightSpec.Matrix("a1", d, d));
        var c1 = weights.Plain(WeightSpec.Bias("c1", d));
        var a2 = weights.Linear(WeightSpec.Matrix("a2", d, seqLen));
        var c2 = weights.Plain(WeightSpec.Bias("c2", seqLen));
        var wv = weights.Linear(WeightSpec.Matrix("wv", d, d));
        var future = values.Truth("causal") ? Causality.Future(seqLen, wv.device) : null;
        return (x, _) =>
        {
            var scores = Functional
                .linear(x, a1, c1)
                .Into(z => z.relu())
                .Into(hidden => Functional.linear(hidden, a2, c2));
            if (future is not null)
            {
                scores = scores.Into(s => s.masked_fill(future, double.NegativeInfinity));
            }

            return scores.Into(s => s.softmax(-1)).Into(share => Functional.linear(x, wv).Into(share.matmul));
        };
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var hidden = kinks(x.matmul(weights["a1"]).add(weights["c1"])).clamp_min(0);
        var scores = hidden.matmul(weights["a2"]).add(weights["c2"]);
        if (values.Truth("causal"))
        {
            var future = Causality.Future(values.Integer("seq_len"), x.device);
            scores = scores.masked_fill(future, double.NegativeInfinity);
        }

        return Nonlinearity.Softmax(scores).matmul(x.matmul(weights["wv"]));
    }
}
