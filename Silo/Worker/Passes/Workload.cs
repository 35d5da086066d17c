using Layerbench.Worker.Gate;

namespace Layerbench.Worker.Passes;

/// <summary>A pass over a variant with its inputs and weights: what the timing loop runs.</summary>
internal abstract class Workload : IDisposable
{
    public abstract long ParameterCount { get; }

    /// <summary>Work before a sample that is not timed.</summary>
    public virtual void BeforeSample() { }

    /// <summary>Work after a sample that is not timed; the sample's scope of tensors is still open.</summary>
    public virtual void AfterSample() { }

    /// <summary>What the samples so far have learnt, curves by name; null where the pass tells none.</summary>
    public virtual IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double?>>>? Series => null;

    /// <summary>
    /// The timed loop. The caller has opened a scope for tensors and synchronises afterwards; every iteration disposes
    /// of what it makes.
    /// </summary>
    public abstract void Run(long iterations);

    /// <summary>Frees what an iteration leaves behind, its gradients.</summary>
    public virtual void DropGradients() { }

    /// <summary>One iteration is a whole sample, whatever its length.</summary>
    public virtual bool OneIterationPerSample => false;

    /// <summary>The output with the present weights, dropout off, no gradient recorded.</summary>
    public abstract Tensor Output();

    /// <summary>The float64 reference by the plain formula; null where there is nothing to compare.</summary>
    /// <param name="kinks">Collects what is not determined; see <see cref="Kinks"/>.</param>
    public abstract GateView? Reference(Kinks kinks);

    /// <summary>The plain formula in the type under test: what that type can do at best.</summary>
    /// <param name="kinks">As <see cref="Reference"/> has left it.</param>
    public abstract GateView? Yardstick(Kinks kinks);

    /// <summary>Output and gradients of the code under test, dropout off, without a step.</summary>
    public abstract GateView? Observe(Kinks kinks);

    /// <summary>A hidden unit with a kink has a part in the gradients of other tokens.</summary>
    public virtual bool MixesTokens => false;

    /// <summary>Equal texts: equal references, of which one is enough.</summary>
    public abstract string ReferenceKey { get; }

    public abstract void Dispose();
}
