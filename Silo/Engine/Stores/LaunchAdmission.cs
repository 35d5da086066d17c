using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores;

/// <summary>What the store knows of a launch that it holds.</summary>
internal readonly record struct HeldLaunch(
    int Number,
    bool Superseded,
    long Fingerprint,
    int Attempt,
    long StartedMicroseconds
)
{
    /// <summary>A launch as the store would hold it, not superseded.</summary>
    public static HeldLaunch Of(LaunchRecord launch, long fingerprint) =>
        new(launch.Number, false, fingerprint, launch.Attempt, StoreText.Microseconds(launch.StartedAt));
}

/// <summary>Whether a launch that arrives is kept; pure, the same for every database.</summary>
internal static class LaunchAdmission
{
    /// <param name="arriving">The launch, not superseded.</param>
    /// <param name="held">The cell's launches of the same kind, those set aside too.</param>
    /// <param name="cellFinished">The cell has its outcome.</param>
    /// <returns>True: new. False: the store has it, or has finished without it.</returns>
    /// <exception cref="InvalidOperationException">It would mix fingerprints within a cell.</exception>
    public static bool Admit(HeldLaunch arriving, IReadOnlyList<HeldLaunch> held, bool cellFinished)
    {
        var mixes = false;
        foreach (var launch in held)
        {
            // A repeat, also of one that was set aside since.
            if (launch with { Superseded = false } == arriving)
            {
                return false;
            }

            if (!launch.Superseded)
            {
                if (launch.Fingerprint != arriving.Fingerprint)
                {
                    mixes = true;
                }
                else if (launch.Number == arriving.Number)
                {
                    return false;
                }
            }
        }

        if (cellFinished)
        {
            return false;
        }

        return !mixes
            ? true
            : throw new InvalidOperationException(
                "has launches under another fingerprint; set them aside with SupersedeAsync before adding new ones"
            );
    }

    /// <inheritdoc cref="Admit(HeldLaunch, IReadOnlyList{HeldLaunch}, bool)"/>
    /// <param name="fingerprint">The key under which the store has the launch's fingerprint.</param>
    public static bool Admit(LaunchRecord launch, long fingerprint, IReadOnlyList<HeldLaunch> held, bool cellFinished)
    {
        try
        {
            return Admit(HeldLaunch.Of(launch, fingerprint), held, cellFinished);
        }
        catch (InvalidOperationException refusal)
        {
            throw new InvalidOperationException(
                $"{launch.Kind} launch {launch.Number} of cell {launch.Cell}: the cell {refusal.Message}",
                refusal
            );
        }
    }
}
