using Layerbench.Core.Catalog;
using Layerbench.Worker.Generator;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>Multi-head self-attention: softmax(Q Kᵀ ÷ √(d_model ÷ heads)) V for each head, with four projections.</summary>
internal abstract class AttentionLayer : MixerLayer
{
    private static readonly string[] Names = ["mix.attention", "mix.sdpa"];
    private static readonly string[] Projections = ["wq", "wk", "wv", "wo"];

    /// <param name="scores">Elements of scores that go through memory, as a term of the bytes' expression.</param>
    protected static VariantInfo Describe(string name, string summary, string scores) =>
        new(
            name,
            summary,
            "y = concat_h(softmax(Q_h K_h^T / sqrt(d_model/heads)) V_h) Wo, Q = x Wq, K = x Wk, V = x Wv",
            "A. Vaswani et al., Attention Is All You Need, 2017, section 3.2; arXiv:1706.03762",
            [.. Axes, new("heads", "integer", "attention heads", "max(1, d_model//64)", Minimum: 1), Causal],
            [new("d_model % heads == 0", "the features are divided equally among the heads")],
            "4*d_model**2",
            "batch*(8*seq_len*d_model**2+4*seq_len**2*d_model+5*heads*seq_len**2)",
            $"4*(10*batch*seq_len*d_model+4*d_model**2{scores})",
            [.. Names.Where(n => n != name)]
        );

    /// <summary>What becomes of queries, keys and values.</summary>
    /// <returns>From three tensors [batch, heads, seq_len, d_model ÷ heads] to one.</returns>
    protected abstract Func<Tensor, Tensor, Tensor, Tensor> Core(AxisValues values, SeededTensors source);

    public sealed override long LargestItem(AxisValues values) =>
        Math.Max(base.LargestItem(values), Heads(values) * Length(values) * Length(values));

    public sealed override string ReferenceName => "mix.attention";

    public sealed override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, dModel, heads) = (Length(values), Width(values), Heads(values));
        var projections = Projections.Select(n => weights.Linear(WeightSpec.Matrix(n, dModel, dModel))).ToArray();
        var output = projections[3];
        var core = Core(values, weights.Source);
        return (x, _) =>
        {
            var (q, k, v) = (Head(x, projections[0]), Head(x, projections[1]), Head(x, projections[2]));
            var mixed = core(q, k, v);
            q.Dispose();
            k.Dispose();
            v.Dispose();
            return mixed
                .Into(all => all.transpose(1, 2))
                .Into(all => all.reshape(-1, seqLen, dModel))
                .Into(all => Functional.linear(all, output));
        };

        Tensor Head(Tensor x, Tensor projection) =>
            Functional
                .linear(x, projection)
                .Into(all => all.view(-1, seqLen, heads, dModel / heads))
                .Into(all => all.transpose(1, 2));
    }

    public sealed override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var (dModel, heads) = (Width(values), Heads(values));
        var (q, k, v) = (x.matmul(weights["wq"]), x.matmul(weights["wk"]), x.matmul(weights["wv"]));
        var size = dModel / heads;
        var mixed = Enumerable
            .Range(0, checked((int)heads))
            .Select(h =>
            {
                var scores = Part(q, h).matmul(Part(k, h).transpose(1, 2)).div(Math.Sqrt(size));
                if (values.Truth("causal"))
                {
                    scores = scores.masked_fill(Causality.Future(Length(values), x.device), double.NegativeInfinity);
                }

                var weight = scores.sub(scores.amax([-1], keepdim: true).detach()).exp();
                return weight.div(weight.sum(-1, keepdim: true)).matmul(Part(v, h));
            });
        return torch.cat([.. mixed], -1).matmul(weights["wo"]);

        Tensor Part(Tensor all, int head) => all.narrow(-1, head * size, size);
    }

    private static long Length(AxisValues values) => values.Integer("seq_len");

    private static long Width(AxisValues values) => values.Integer("d_model");

    /// <exception cref="ArgumentException">The features cannot be divided among the heads.</exception>
    private static long Heads(AxisValues values)
    {
        var (dModel, heads) = (Width(values), values.Integer("heads"));
        return dModel % heads == 0
            ? heads
            : throw new ArgumentException(
                $"parameters.heads: {heads} does not divide d_model {dModel}; give a divisor of it."
            );
    }
}
