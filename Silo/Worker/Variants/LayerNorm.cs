namespace Layerbench.Worker.Variants;

/// <summary>LayerNorm over the last axis with a scale and a shift (J. L. Ba et al., 2016, arXiv:1607.06450).</summary>
internal static class LayerNorm
{
    // As Keras' Transformer examples set it; the layer's own default is 1e-3.
    private const double Epsilon = 1e-6;

    /// <summary>Operations on an element: mean 1, variance 3, normalise 2, scale and shift 2.</summary>
    public const int Flops = 8;

    public const string Reason = "LayerNorm over one feature gives a constant, whatever the input";

    /// <summary>What is timed, with two weights called <c>name_scale</c> and <c>name_shift</c>.</summary>
    public static Func<Tensor, Tensor> Build(WeightSet weights, string name, long size)
    {
        var scale = weights.Plain(WeightSpec.Scale(name + "_scale", size));
        var shift = weights.Plain(WeightSpec.Bias(name + "_shift", size));
        long[] normalised = [size];
        return x => Functional.layer_norm(x, normalised, scale, shift, Epsilon);
    }

    /// <summary>From the definition.</summary>
    public static Tensor Definition(Tensor x, IReadOnlyDictionary<string, Tensor> weights, string name)
    {
        var centred = x.sub(x.mean([-1], keepdim: true));
        var variance = centred.mul(centred).mean([-1], keepdim: true);
        return centred.div(variance.add(Epsilon).sqrt()).mul(weights[name + "_scale"]).add(weights[name + "_shift"]);
    }
}
