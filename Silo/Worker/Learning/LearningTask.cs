using Layerbench.Worker.Passes;
using TorchSharp.Modules;

namespace Layerbench.Worker.Learning;

/// <summary>A model with its data and optimiser. Its tensors belong to the scope in which it was made.</summary>
internal abstract class LearningTask : IDisposable
{
    /// <summary>Share of the steps over which the learning rate rises.</summary>
    private const double WarmUp = 0.05;

    private readonly double learningRate;
    private readonly double? clip;
    private readonly List<Parameter> parameters;
    private readonly Tensor[] leaves;
    private readonly torch.optim.Optimizer optimiser;

    /// <param name="clip">The greatest norm of all gradients together; null: any.</param>
    protected LearningTask(
        TrialDraws draws,
        double? clip,
        Func<IEnumerable<Parameter>, double, torch.optim.Optimizer> optimiser
    )
    {
        Steps = draws.Values.Integer("steps");
        learningRate = draws.Values.Real("learning_rate");
        this.clip = clip;
        parameters = draws.Parameters;
        leaves = [.. parameters];
        this.optimiser = optimiser(parameters, learningRate);
    }

    public long Steps { get; }

    /// <summary>One optimiser step on data of its own, counted from 1.</summary>
    /// <returns>The loss before it.</returns>
    public double Step(long number)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var group in optimiser.ParamGroups)
        {
            group.LearningRate = learningRate * Schedule(number, Steps);
        }

        Gradients.Drop(leaves);
        var loss = Loss(number);
        loss.backward();
        if (clip is { } most)
        {
            torch.nn.utils.clip_grad_norm_(parameters, most);
        }

        optimiser.step();
        return loss.to(torch.ScalarType.Float64).item<double>();
    }

    /// <summary>Accuracy and mean loss on held-out data.</summary>
    public (double Accuracy, double Loss) Evaluate()
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        return Test();
    }

    public void Dispose() => optimiser.Dispose();

    /// <summary>Mean loss over the data of a step.</summary>
    protected abstract Tensor Loss(long step);

    protected abstract (double Accuracy, double Loss) Test();

    /// <summary>
    /// The learning rate's factor: up in a straight line over the first 5% of the steps, then down to 0 along half a
    /// cosine (Loshchilov and Hutter 2017, arXiv:1608.03983).
    /// </summary>
    private static double Schedule(long number, long steps)
    {
        var rise = Math.Max(1, Math.Round(WarmUp * steps, MidpointRounding.ToEven));
        return number <= rise
            ? number / rise
            : 0.5 * (1 + Math.Cos(Math.PI * (number - rise) / Math.Max(1, steps - rise)));
    }
}
