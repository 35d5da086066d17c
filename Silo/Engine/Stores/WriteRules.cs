using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores;

/// <summary>What is asked of a write before any database sees it, and what is said of one that is refused.</summary>
internal static class WriteRules
{
    /// <exception cref="ArgumentException">A launch names another fingerprint than its batch.</exception>
    public static void Check(LaunchBatch batch)
    {
        if (batch.Launches.FirstOrDefault(l => l.Fingerprint != batch.Fingerprint.Id) is { } other)
        {
            throw new ArgumentException(
                $"Launch {other.Number} of cell {other.Cell} names fingerprint {other.Fingerprint}, its batch {batch.Fingerprint.Id}; they must be the same.",
                nameof(batch)
            );
        }
    }

    /// <exception cref="ArgumentException">A canary names another fingerprint than its launch.</exception>
    public static void Check(Fingerprint fingerprint, IReadOnlyList<CanaryRecord> canaries)
    {
        if (canaries.FirstOrDefault(c => c.Fingerprint != fingerprint.Id) is { } other)
        {
            throw new ArgumentException(
                $"A canary names fingerprint {other.Fingerprint}, its launch {fingerprint.Id}; they must be the same.",
                nameof(canaries)
            );
        }
    }

    /// <exception cref="ArgumentException">One is the name of no outcome.</exception>
    public static void Check(IReadOnlyCollection<string> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            _ = Outcome.Read(outcome, reason: null);
        }
    }

    public static InvalidOperationException NoSweep(SweepId sweep) =>
        new($"The store has no sweep '{sweep}'; save it with SaveSweepAsync before its results.");
}
