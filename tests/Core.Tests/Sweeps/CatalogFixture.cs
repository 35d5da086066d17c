using Layerbench.Core.Catalog;

namespace Layerbench.Core.Tests.Sweeps;

/// <summary>The catalogue that the workers describe, and one variant with a constraint (`mix.attention`).</summary>
internal static class CatalogFixture
{
    private static readonly AxisInfo[] Shape =
    [
        new("batch", "integer", "Sequences in a batch", Minimum: 1),
        new("seq_len", "integer", "Tokens in a sequence", Minimum: 1),
        new("d_model", "integer", "Width", Minimum: 1),
    ];

    private static readonly AxisInfo Hidden = new("d_ff", "integer", "Width of the hidden layer", "4*d_model", 1);

    public static VariantCatalog Create() => new([Backend("torchsharp"), Backend("pytorch"), Simulated()]);

    public static VariantCatalog Of(params BackendInfo[] backends) => new(backends);

    public static BackendInfo Backend(string name) =>
        new(
            name,
            1,
            [
                Ffn("ffn.dense", ["ffn.conv1d"]),
                Ffn("ffn.conv1d", ["ffn.dense"]),
                Ffn("ffn.keras_block", [], new AxisInfo("dropout", "real", "Share dropped", "0", 0, 0.9)),
                Ffn("ffn.residual_relu", [], new AxisInfo("depth", "integer", "Blocks", "1", 1)),
                Attention(),
            ],
            Passes,
            ["float32", "float64", "bfloat16", "float16"]
        );

    /// <summary>Without <c>mix.attention</c>, and with float32 alone.</summary>
    public static BackendInfo Simulated()
    {
        var whole = Backend("simulated");
        return whole with { Variants = [.. whole.Variants.Where(v => v.Family == "ffn")], Dtypes = ["float32"] };
    }

    private static readonly PassInfo[] Passes =
    [
        new("forward", "Output of one batch", [], "1", "1"),
        new("forward_backward", "Output and gradients", [], "3", "3"),
        new("training_step", "Output, gradients, one Adam step", [], "3", "4"),
        new(
            "seed_epoch",
            "One epoch of the first benchmark",
            [
                new("samples", "integer", "Sequences in an epoch", Minimum: 1),
                new("state", "text", "Weights between epochs", "continue", Values: ["continue", "reset"]),
                new("data", "text", "Where batches lie", "device", Values: ["device", "host"]),
            ],
            "3*samples/batch",
            "4"
        ),
    ];

    private static VariantInfo Ffn(string name, IReadOnlyList<string> equalTo, params AxisInfo[] more) =>
        new(
            name,
            "A feed-forward network",
            "max(0, x W1 + b1) W2 + b2",
            "Vaswani et al. 2017",
            [.. Shape, Hidden, .. more],
            [],
            "2*d_model*d_ff + d_ff + d_model",
            "4*batch*seq_len*d_model*d_ff",
            "4*(2*batch*seq_len*d_model + 2*batch*seq_len*d_ff + 2*d_model*d_ff)",
            equalTo
        );

    private static VariantInfo Attention() =>
        new(
            "mix.attention",
            "Multi-head self-attention",
            "softmax(q k / sqrt(d)) v",
            "Vaswani et al. 2017",
            [.. Shape, new("heads", "integer", "Heads", "8", 1)],
            [new("d_model % heads == 0", "d_model must be divisible by heads")],
            "4*d_model**2",
            "batch*(8*seq_len*d_model**2 + 4*seq_len**2*d_model)",
            "4*batch*seq_len*d_model",
            []
        );
}
