using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>What the token mixers share: [batch, seq_len, d_model] to the same.</summary>
internal abstract class MixerLayer : LayerVariant
{
    protected static IReadOnlyList<AxisInfo> Axes { get; } =
    [
        new("batch", "integer", "sequences in a batch", Minimum: 1),
        new("seq_len", "integer", "tokens in a sequence", Minimum: 1),
        new("d_model", "integer", "features of a token", Minimum: 1),
    ];

    protected static AxisInfo Causal { get; } =
        new("causal", "truth", "whether a token sees only itself and those before it", "false");
}
