using System.Diagnostics;

namespace Layerbench.Worker.Variants;

/// <summary>Activations: as the framework offers them, and from their definitions for references.</summary>
internal static class Nonlinearity
{
    /// <summary>What is timed; null for <c>none</c>.</summary>
    /// <param name="name">relu, gelu or none.</param>
    public static Func<Tensor, Tensor>? Function(string name) =>
        name switch
        {
            "relu" => z => z.relu(),
            "gelu" => z => z.gelu(),
            "none" => null,
            _ => throw new UnreachableException(),
        };

    /// <param name="name">relu, gelu or none.</param>
    public static Tensor Definition(string name, Tensor z, Func<Tensor, Tensor> kinks) =>
        name switch
        {
            "relu" => kinks(z).clamp_min(0),
            "gelu" => Gelu(z),
            "none" => z,
            _ => throw new UnreachableException(),
        };

    /// <summary>z·Φ(z) with the exact normal distribution function (D. Hendrycks, K. Gimpel, 2016, arXiv:1606.08415).</summary>
    public static Tensor Gelu(Tensor z) => z.mul(z.div(Math.Sqrt(2)).erf().add(1).div(2));

    /// <summary>z ÷ (1 + exp(−z)).</summary>
    public static Tensor Silu(Tensor z) => z.mul(Sigmoid(z));

    /// <summary>exp(z) ÷ Σ exp(z) over the last axis.</summary>
    public static Tensor Softmax(Tensor z)
    {
        var share = z.sub(z.detach().amax([-1], keepdim: true)).exp();
        return share.div(share.sum(-1, keepdim: true));
    }

    public static Tensor Sigmoid(Tensor z) => z.neg().exp().add(1).reciprocal();
}
