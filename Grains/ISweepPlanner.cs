using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Grains;

/// <summary>Makes a sweep's cells from its stored text; the same cells on every silo and every time.</summary>
public interface ISweepPlanner
{
    /// <exception cref="ArgumentException">The text cannot be planned; the message says why and what to do.</exception>
    ICellSource Plan(SweepRecord sweep);
}

/// <summary>Makes what runs a sweep's slices on this node's devices, and keeps what they bring in the results store.</summary>
public interface ISliceRunners
{
    ISliceRunner For(SweepRecord sweep);
}
