using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>A feature map in place of the softmax, so that keys and values can be summed before queries come.</summary>
internal sealed class MixLinearAttention : AttentionLayer
{
    public override VariantInfo Info { get; } =
        new(
            "mix.linear_attention",
            "Attention with the feature map elu + 1; linear in seq_len, or quadratic by the same formula",
            "y_t = (f(q_t) sum_s f(k_s)^T v_s) / (f(q_t) . sum_s f(k_s)) for each head, f = elu + 1, then Wo; causal: s <= t",
            "A. Katharopoulos et al., Transformers are RNNs, 2020, equations 5, 7 and 9; arXiv:2006.16236",
            [
                .. HeadAxes,
                new(
                    "form",
                    "text",
                    "linear: sums over keys first (causal: running sums over time steps); quadratic: all scores",
                    "linear",
                    Values: ["linear", "quadratic"]
                ),
            ],
            HeadConstraints,
            WeightCount,
            "batch*seq_len*(8*d_model**2+4*(form == 'linear' ? d_model/heads : seq_len)*d_model)",
            $"4*({TokenElements}+(form == 'quadratic' ? 2*batch*heads*seq_len**2 : (causal ? 2*batch*seq_len : 2*batch)*d_model**2/heads))",
            []
        );

    protected override Func<Tensor, Tensor, Tensor, Tensor> Core(AxisValues values, torch.Device device)
    {
        var causal = values.Truth("causal");
        var future = causal ? Causality.Future(Length(values), device) : null;
        Func<Tensor, Tensor, Tensor, Tensor> mix =
            values.Text("form") == "quadratic" ? Quadratic
            : causal ? Running
            : Linear;
        return (q, k, v) =>
        {
            using var queries = q.elu().Into(f => f.add(1));
            using var keys = k.elu().Into(f => f.add(1));
            return mix(queries, keys, v);
        };

        Tensor Quadratic(Tensor q, Tensor k, Tensor v)
        {
            var scores = k.transpose(-1, -2).Into(q.matmul);
            if (future is not null)
            {
                scores = scores.Into(s => s.masked_fill(future, 0));
            }

            using var sums = scores.sum(-1, keepdim: true);
            return scores.Into(s => s.matmul(v)).Into(y => y.div(sums));
        }

        static Tensor Linear(Tensor q, Tensor k, Tensor v)
        {
            using var sums = k.sum(-2).Into(s => s.unsqueeze(-1)).Into(q.matmul);
            return k.transpose(-1, -2).Into(turned => turned.matmul(v)).Into(q.matmul).Into(y => y.div(sums));
        }

        static Tensor Running(Tensor q, Tensor k, Tensor v)
        {
            using var sums = k.cumsum(2).Into(q.mul).Into(s => s.sum(-1, keepdim: true));
            return torch
                .einsum("bhse,bhsf->bhsef", k, v)
                .Into(products => products.cumsum(2))
                .Into(states => torch.einsum("bhse,bhsef->bhsf", q, states))
                .Into(y => y.div(sums));
        }
    }

    protected override Tensor OneHead(Tensor q, Tensor k, Tensor v, AxisValues values)
    {
        var scores = Feature(q).matmul(Feature(k).transpose(1, 2));
        scores = values.Truth("causal") ? scores.tril() : scores;
        return scores.div(scores.sum(-1, keepdim: true)).matmul(v);
    }

    /// <summary>elu(z) + 1, whose derivative is 1 on both sides of zero.</summary>
    private static Tensor Feature(Tensor z) => z.clamp_min(0).add(z.clamp_max(0).exp());
}
