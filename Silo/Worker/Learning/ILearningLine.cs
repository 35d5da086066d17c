namespace Layerbench.Worker.Learning;

/// <summary>What a training tells its engine on the way, and asks it.</summary>
internal interface ILearningLine
{
    bool IsRung(long step);

    /// <param name="values">Finite values by name.</param>
    void Tell(long step, IReadOnlyDictionary<string, double?> values);

    /// <summary>At a rung: whether to go on.</summary>
    /// <param name="value">The metric.</param>
    bool Decide(long step, double value);
}
