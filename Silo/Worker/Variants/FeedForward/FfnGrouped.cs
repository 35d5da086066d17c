using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Several feed-forward networks side by side, over parts of the features that do not meet.</summary>
internal sealed class FfnGrouped : FeedForwardLayer
{
    public override VariantInfo Info { get; } =
        new(
            "ffn.grouped",
            "Several feed-forward networks side by side, each over its own part of the features",
            "y^i = max(0, x^i W1_i + b1^i) W2_i + b2^i for each group i of d_model/groups features",
            "S. Xie et al., Aggregated Residual Transformations, 2016 (grouped convolutions); arXiv:1611.05431",
            [.. Axes, new("groups", "integer", "groups of features", "4", Minimum: 1)],
            [
                new("d_model % groups == 0", "every group takes the same number of features"),
                new("d_ff % groups == 0", "every group has the same number of hidden units"),
            ],
            "2*d_model*d_ff//groups+d_ff+d_model",
            "4*batch*seq_len*d_model*d_ff/groups",
            "4*(2*batch*seq_len*d_model+2*batch*seq_len*d_ff+2*d_model*d_ff/groups)",
            []
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, dModel) = (values.Integer("seq_len"), values.Integer("d_model"));
        var (n, d, h) = Sizes(values);
        var w1 = weights.Plain(WeightSpec.Fan("w1", d, n, d, h));
        var b1 = weights.Plain(WeightSpec.Bias("b1", n * h));
        var w2 = weights.Plain(WeightSpec.Fan("w2", h, n, h, d));
        var b2 = weights.Plain(WeightSpec.Bias("b2", n * d));
        return (x, _) =>
            x.view(-1, n, d)
                .Into(tokens => tokens.transpose(0, 1))
                .Into(parts => Product(parts, w1, b1))
                .Into(z => z.relu())
                .Into(hidden => Product(hidden, w2, b2))
                .Into(parts => parts.transpose(0, 1))
                .Into(tokens => tokens.reshape(-1, seqLen, dModel));

        // The summand last: baddbmm of TorchSharp 0.107.0 takes its own tensor for the first factor, whatever its doc says.
        Tensor Product(Tensor parts, Tensor matrices, Tensor bias) =>
            bias.view(n, 1, -1).Into(rows => parts.baddbmm(matrices, rows));
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var groups = checked((int)values.Integer("groups"));
        var hidden = kinks(Layer(x, "1")).clamp_min(0);
        return Layer(hidden, "2");

        Tensor Layer(Tensor input, string layer)
        {
            var (parts, biases) = (input.chunk(groups, -1), weights["b" + layer].chunk(groups));
            return torch.cat(
                [
                    .. Enumerable
                        .Range(0, groups)
                        .Select(i => parts[i].matmul(weights["w" + layer].select(0, i)).add(biases[i])),
                ],
                -1
            );
        }
    }

    /// <exception cref="ArgumentException">The features cannot be divided among the groups.</exception>
    private static (long Groups, long Model, long Hidden) Sizes(AxisValues values)
    {
        var (n, d, h) = (values.Integer("groups"), values.Integer("d_model"), values.Integer("d_ff"));
        return d % n == 0 && h % n == 0
            ? (n, d / n, h / n)
            : throw new ArgumentException(
                $"parameters.groups: {n} does not divide d_model {d} and d_ff {h}; give a divisor of both."
            );
    }
}
