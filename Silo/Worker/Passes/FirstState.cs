using Layerbench.Worker.Variants;
using TorchSharp.Modules;

namespace Layerbench.Worker.Passes;

/// <summary>Puts weights and Adam's moments back to where they began, in place.</summary>
/// <remarks>
/// Thousands of steps along one gradient switch ReLU units off; their moments decay by 0.9 a step to denormal numbers
/// (after some 800 steps), whose arithmetic is many times slower on a CPU: a drift that is not the variant's.
/// </remarks>
internal sealed class FirstState(WeightSet weights, Adam optimiser)
{
    /// <summary>Taken at the first call, so that a launch that only looks at memory has no copy.</summary>
    private Tensor[]? first;

    public void Restore()
    {
        if (first is null)
        {
            first = [.. weights.All.Select(w => w.Stored.detach().clone())];
            return;
        }

        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        foreach (var (weight, value) in weights.All.Zip(first))
        {
            weight.Stored.copy_(value);
        }

        foreach (var state in optimiser.state_dict().State.OfType<Adam.State>())
        {
            state.step = 0;
            state.exp_avg.zero_();
            state.exp_avg_sq.zero_();
        }
    }
}
