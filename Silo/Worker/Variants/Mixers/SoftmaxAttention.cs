using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>Multi-head self-attention: softmax(Q Kᵀ ÷ √(d_model ÷ heads)) V for each head.</summary>
internal abstract class SoftmaxAttention : AttentionLayer
{
    private static readonly string[] Names = ["mix.attention", "mix.sdpa"];

    /// <param name="scores">Elements of scores that go through memory, as a term of the bytes' expression.</param>
    protected static VariantInfo Describe(string name, string summary, string scores) =>
        new(
            name,
            summary,
            "y = concat_h(softmax(Q_h K_h^T / sqrt(d_model/heads)) V_h) Wo, Q = x Wq, K = x Wk, V = x Wv",
            "A. Vaswani et al., Attention Is All You Need, 2017, section 3.2; arXiv:1706.03762",
            HeadAxes,
            HeadConstraints,
            WeightCount,
            // Beside the products about 5 operations for each score: scale, maximum, exp, sum, quotient.
            "batch*(8*seq_len*d_model**2+4*seq_len**2*d_model+5*heads*seq_len**2)",
            $"4*({TokenElements}{scores})",
            [.. Names.Where(n => n != name)]
        );

    public sealed override string ReferenceName => "mix.attention";

    protected sealed override Tensor OneHead(Tensor q, Tensor k, Tensor v, AxisValues values)
    {
        var scores = q.matmul(k.transpose(1, 2)).div(Math.Sqrt((double)Width(values) / Heads(values)));
        if (values.Truth("causal"))
        {
            scores = scores.masked_fill(Causality.Future(Length(values), q.device), double.NegativeInfinity);
        }

        return Nonlinearity.Softmax(scores).matmul(v);
    }
}
