using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>A global convolution that is not depthwise: every channel of an output sees every channel of every time step.</summary>
internal sealed class MixFullConv : MixerLayer
{
    public override VariantInfo Info { get; } =
        new(
            "mix.full_conv",
            "Global convolution over all channels, circular or causal, by the framework's convolution",
            "y[t] = sum_s x[(t+s) mod seq_len] K[s], K [seq_len, d_model, d_model]; causal: sum_{s<=t} x[t-s] K[s]",
            "D. W. Romero et al., CKConv, 2021 (kernels as long as the sequence, over all channels); arXiv:2102.02611",
            [.. Axes, Causal],
            [],
            "seq_len*d_model**2",
            "2*batch*seq_len**2*d_model**2",
            "4*(2*batch*seq_len*d_model+seq_len*d_model**2)",
            []
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, dModel) = (values.Integer("seq_len"), values.Integer("d_model"));
        var k = weights.Kernel(WeightSpec.Fan("k", seqLen * dModel, seqLen, dModel, dModel));
        var mix = Convolutions.Direct(values, k, groups: 1);
        return (x, _) => mix(x);
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var (seqLen, causal) = (values.Integer("seq_len"), values.Truth("causal"));
        var kernel = weights["k"];
        var lags = torch.arange(seqLen, torch.ScalarType.Int64, x.device);
        return torch.stack(Enumerable.Range(0, checked((int)seqLen)).Select(Output), 1);

        Tensor Output(int t)
        {
            var seen = causal ? lags.narrow(0, 0, t + 1).neg().add(t) : lags.add(t).remainder(seqLen);
            return torch.einsum("bsd,sde->be", x.index_select(1, seen), kernel.narrow(0, 0, seen.shape[0]));
        }
    }
}
