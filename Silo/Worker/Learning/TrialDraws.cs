using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;
using TorchSharp.Modules;

namespace Layerbench.Worker.Learning;

/// <summary>The numbers of one training run, the same in every worker, and its parameters.</summary>
internal sealed class TrialDraws
{
    private readonly LayerVariant variant;
    private readonly WeightSet model;

    public TrialDraws(QualityWorkload layer)
    {
        (variant, Values) = (layer.Variant, layer.Values);
        var trial = Values.Integer("trial");
        Source = layer.Source.Trial(trial);
        model = new WeightSet(Source, trainable: true).Part("model.");
        torch.manual_seed(unchecked((long)layer.Source.TrialSeed(trial))); // of dropout alone
    }

    public AxisValues Values { get; }

    public SeededTensors Source { get; }

    /// <summary>All that have been drawn.</summary>
    public List<Parameter> Parameters { get; } = [];

    /// <summary>A weight of the model around the variant.</summary>
    public Parameter Weight(WeightSpec spec)
    {
        var drawn = model.Plain(spec);
        Parameters.Add(drawn);
        return drawn;
    }

    /// <summary>The variant's <paramref name="index"/>th instance: from [batch, seq_len, d_model] and whether dropout is on to the same shape.</summary>
    public Func<Tensor, bool, Tensor> Layer(int index)
    {
        var weights = new WeightSet(Source, trainable: true).Part($"layer{index}.");
        var layer = variant.Build(Values, weights);
        Parameters.AddRange(weights.All.Select(w => w.Stored));
        var layout = variant.Layout;
        return (x, training) => layout.ToLogical(layer(layout.ToStored(x), training));
    }
}
