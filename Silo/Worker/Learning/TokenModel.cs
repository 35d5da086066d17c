using Layerbench.Worker.Variants;
using TorchSharp.Modules;

namespace Layerbench.Worker.Learning;

/// <summary>
/// The model of the tasks over tokens, after Arora et al. 2023 (arXiv:2312.04927):
/// <code>
/// h = E[token] + P[position]
/// h = h + mixer(conv(LN(h)))             the variant, behind a depthwise causal convolution of width 3
/// h = h + W2 gelu(LN(h) W1 + b1) + b2    2·d_model hidden units                             both `blocks` times
/// logits = LN(h) Eᵀ
/// </code>
/// Everything but the mixer is the same for every variant.
/// </summary>
internal sealed class TokenModel
{
    private const double Epsilon = 1e-5;

    private readonly Parameter embedding;
    private readonly Parameter positions;
    private readonly List<Block> blocks = [];
    private readonly Norm last;

    public TokenModel(TrialDraws draws, long vocabulary)
    {
        var (length, d) = (draws.Values.Integer("seq_len"), draws.Values.Integer("d_model"));
        embedding = draws.Weight(new("embedding", [vocabulary, d], 0, 1 / Math.Sqrt(d)));
        positions = draws.Weight(new("positions", [length, d], 0, 1 / Math.Sqrt(d)));
        for (var i = 0; i < draws.Values.Integer("blocks"); i++)
        {
            blocks.Add(
                new(
                    new(draws, $"{i}.ln1", d),
                    draws.Weight(WeightSpec.Matrix($"{i}.short", 3, d)),
                    draws.Layer(i),
                    new(draws, $"{i}.ln2", d),
                    draws.Weight(WeightSpec.Matrix($"{i}.w1", d, 2 * d)),
                    draws.Weight(WeightSpec.Bias($"{i}.b1", 2 * d)),
                    draws.Weight(WeightSpec.Matrix($"{i}.w2", 2 * d, d)),
                    draws.Weight(WeightSpec.Bias($"{i}.b2", d))
                )
            );
        }

        last = new(draws, "ln", d);
    }

    /// <param name="tokens">int64 [batch, seq_len].</param>
    /// <returns>[batch, seq_len, vocabulary].</returns>
    public Tensor Logits(Tensor tokens, bool training)
    {
        var d = embedding.shape[1];
        var h = embedding.index_select(0, tokens.flatten()).view([.. tokens.shape, d]).add(positions);
        foreach (var block in blocks)
        {
            h = h.add(block.Mixer(ShortConvolution(block.First.Of(h), block.Short), training));
            var hidden = Functional.gelu(block.Second.Of(h).matmul(block.W1).add(block.B1));
            h = h.add(hidden.matmul(block.W2)).add(block.B2);
        }

        return last.Of(h).matmul(embedding.t());
    }

    /// <summary>y_t = k_0 h_t + k_1 h_(t−1) + k_2 h_(t−2), each channel by itself, zeros before the first token.</summary>
    private static Tensor ShortConvolution(Tensor h, Tensor k)
    {
        var length = h.shape[1];
        var before = Functional.pad(h, [0L, 0L, 2L, 0L]);
        return k[0].mul(h).add(k[1].mul(before.narrow(1, 1, length))).add(k[2].mul(before.narrow(1, 0, length)));
    }

    private sealed record Block(
        Norm First,
        Parameter Short,
        Func<Tensor, bool, Tensor> Mixer,
        Norm Second,
        Parameter W1,
        Parameter B1,
        Parameter W2,
        Parameter B2
    );

    private sealed class Norm(TrialDraws draws, string name, long features)
    {
        private readonly Parameter scale = draws.Weight(WeightSpec.Scale(name + "_scale", features));
        private readonly Parameter shift = draws.Weight(WeightSpec.Bias(name + "_shift", features));

        public Tensor Of(Tensor h) => Functional.layer_norm(h, [features], scale, shift, Epsilon);
    }
}
