using Layerbench.Worker.Variants;
using TorchSharp.Modules;

namespace Layerbench.Worker.Passes;

internal static class Optimisers
{
    /// <summary>Adam as docs/protocol.md has it. TorchSharp's is not fused: about ten operations for each weight.</summary>
    public static Adam Adam(WeightSet weights) =>
        torch.optim.Adam(weights.All.Select(w => w.Stored), lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8);
}
