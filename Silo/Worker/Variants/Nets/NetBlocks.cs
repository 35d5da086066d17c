using Layerbench.Core.Catalog;
using Layerbench.Worker.Variants.FeedForward;
using Layerbench.Worker.Variants.Mixers;

namespace Layerbench.Worker.Variants.Nets;

/// <summary>A residual network of blocks: a token mixer, then a feed-forward network, with LayerNorms before or after them.</summary>
internal sealed class NetBlocks : LayerVariant
{
    private static readonly Members Mixers = Members.Of<MixerLayer>("mixer");
    private static readonly Members Others = Mixers.By("other_mixer");
    private static readonly Members FeedForwards = Members.Of<FeedForwardLayer>("ffn", optional: true);

    public override VariantInfo Info { get; } = NetBlocksInfo.Describe(Mixers, Others, FeedForwards);

    public override bool CanBePart => false;

    public override bool MixesTokens(AxisValues values) => true;

    public override long LargestItem(AxisValues values) =>
        Parts(values).Select(p => p.Layer.LargestItem(values)).Append(base.LargestItem(values)).Max();

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var dModel = values.Integer("d_model");
        var (norm, residual, dropout) = (values.Text("norm"), values.Truth("residual"), values.Real("dropout"));
        var between = Nonlinearity.Function(values.Text("between"));
        var parts = Parts(values)
            .Select(p =>
            {
                var own = weights.Part(p.Block);
                return (
                    Layer: p.Layer.Build(values, own),
                    Normalise: norm == "none" ? null : LayerNorm.Build(own, p.Norm, dModel),
                    Between: p.Mixes ? between : null
                );
            })
            .ToArray();
        return (x, drop) =>
        {
            var before = x.alias();
            foreach (var (layer, normalise, nonlinearity) in parts)
            {
                var y = norm == "pre" ? normalise!(before).Into(n => layer(n, drop)) : layer(before, drop);
                y = nonlinearity is null ? y : y.Into(nonlinearity);
                y = drop && dropout > 0 ? y.Into(all => Functional.dropout(all, dropout, training: true)) : y;
                y = residual ? y.Into(before.add) : y;
                before.Dispose();
                before = norm == "post" ? y.Into(normalise!) : y;
            }

            return before;
        };
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var norm = values.Text("norm");
        foreach (var part in Parts(values))
        {
            var own = weights
                .Where(w => w.Key.StartsWith(part.Block, StringComparison.Ordinal))
                .ToDictionary(w => w.Key[part.Block.Length..], w => w.Value);
            var input = norm == "pre" ? LayerNorm.Definition(x, own, part.Norm) : x;
            var y = part.Layer.Reference(input, own, values, kinks);
            y = part.Mixes ? Nonlinearity.Definition(values.Text("between"), y, kinks) : y;
            y = values.Truth("residual") ? x.add(y) : y;
            x = norm == "post" ? LayerNorm.Definition(y, own, part.Norm) : y;
        }

        return x;
    }

    /// <summary>In order, each with the prefix of its block's weights and the name of its LayerNorm.</summary>
    private static IEnumerable<(LayerVariant Layer, string Block, string Norm, bool Mixes)> Parts(AxisValues values)
    {
        var every = values.Integer("other_every");
        for (var i = 0L; i < values.Integer("depth"); i++)
        {
            var block = FormattableString.Invariant($"block{i}.");
            var mixer = values.Text(every > 0 && (i + 1) % every == 0 ? "other_mixer" : "mixer");
            yield return (Mixers.Find(mixer)!, block, "ln1", true);
            if (FeedForwards.Find(values.Text("ffn")) is { } ffn)
            {
                yield return (ffn, block, "ln2", false);
            }
        }
    }
}
