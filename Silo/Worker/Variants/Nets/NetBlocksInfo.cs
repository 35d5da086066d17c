using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Nets;

/// <summary>What the catalogue says of <see cref="NetBlocks"/>: put together from what it says of the members.</summary>
internal static class NetBlocksInfo
{
    /// <summary>Blocks that have the other mixer.</summary>
    private const string OtherBlocks = "(other_every > 0 ? depth//other_every : 0)";

    private const string Elements = "batch*seq_len*d_model";

    public static VariantInfo Describe(Members mixers, Members others, Members feedForwards)
    {
        return new(
            "net.blocks",
            "Residual network of several blocks: any token mixer, any feed-forward network, pre- or post-LN, hybrids",
            "x = x + f(mix(LN1(x))), x = x + ffn(LN2(x)), depth times; post: x = LN1(x + f(mix(x))), x = LN2(x + ffn(x)); "
                + "f is `between`; block i = 1 .. depth has the other mixer where i % other_every == 0",
            "A. Vaswani et al., 2017, section 3.1 (post-LN), arXiv:1706.03762; R. Xiong et al., 2020 (pre-LN), arXiv:2002.04745",
            [.. Axes(mixers, feedForwards)],
            [.. Constraints(mixers, others, feedForwards)],
            Cost(v => v.Parameters, "2*d_model", ""),
            Cost(v => v.ForwardFlops, $"{LayerNorm.Flops}*{Elements}", $"+(residual ? {Elements} : 0)"),
            Cost(v => v.ForwardBytes, $"8*{Elements}", $"+(residual ? 12*{Elements} : 0)"),
            []
        );

        string Cost(Func<VariantInfo, string> fact, string ofNorm, string ofRest) =>
            $"(depth-{OtherBlocks})*{mixers.Cost(fact)}"
            + $"+(other_every > 0 ? {OtherBlocks}*{others.Cost(fact)} : 0)"
            + $"+depth*({feedForwards.Cost(fact)}"
            + $"+(ffn == 'none' ? 1 : 2)*((norm == 'none' ? 0 : {ofNorm}){ofRest}))";
    }

    private static IEnumerable<AxisInfo> Axes(Members mixers, Members feedForwards)
    {
        AxisInfo[] own =
        [
            new("batch", "integer", "sequences in a batch", Minimum: 1),
            new("seq_len", "integer", "tokens in a sequence", Minimum: 1),
            new("d_model", "integer", "features of a token", Minimum: 1),
            new("mixer", "text", "token mixer of a block", "mix.attention", Values: mixers.Names),
            new("ffn", "text", "feed-forward network of a block", "ffn.dense", Values: feedForwards.Names),
            new("depth", "integer", "blocks, each with its own weights", "1", Minimum: 1),
            new(
                "norm",
                "text",
                "LayerNorm before each part, after it, or none",
                "pre",
                Values: ["pre", "post", "none"]
            ),
            new("residual", "truth", "whether a part is added to its input", "true"),
            new("between", "text", "nonlinearity after each mixer", "none", Values: ["none", "relu", "gelu"]),
            new("other_mixer", "text", "mixer of every other_every-th block", "mix.none", Values: mixers.Names),
            new("other_every", "integer", "every how many blocks the other mixer comes, 0 for never", "0", Minimum: 0),
            new("dropout", "real", "share of a part's output dropped while timed", "0", Minimum: 0, Maximum: 0.9),
        ];
        return own.Concat(mixers.Axes()).Concat(feedForwards.Axes()).DistinctBy(a => a.Name);
    }

    private static IEnumerable<ConstraintInfo> Constraints(Members mixers, Members others, Members feedForwards)
    {
        var causal = mixers.Where(m => m!.CanBeCausal);
        var pointwise = feedForwards.Where(f => f is null || !f.SpansTokens);
        yield return new("norm == 'none' or d_model >= 2", LayerNorm.Reason);
        yield return new(
            $"not causal or {mixers.IsOneOf(causal)} and (other_every == 0 or {others.IsOneOf(causal)})"
                + $" and {feedForwards.IsOneOf(pointwise)}",
            "a part of the network sees later time steps; leave causal at false or choose others"
        );
        var ofMixers = mixers.Constraints(names =>
            $"{mixers.IsOneOf(names)} or other_every > 0 and {others.IsOneOf(names)}"
        );
        foreach (var constraint in ofMixers.Concat(feedForwards.Constraints(feedForwards.IsOneOf)))
        {
            yield return constraint;
        }
    }
}
