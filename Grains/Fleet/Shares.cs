using Layerbench.Core;

namespace Layerbench.Grains.Fleet;

/// <summary>
/// How much of the fleet each user and each sweep has had lately and has now: pure. Device time counts, so that a user of
/// long cells has no more than one of short ones; and each device that works counts ahead, so that those who begin together
/// get equally many.
/// </summary>
internal sealed class Shares
{
    /// <summary>What a device counts that works now, beside the time it has worked, in seconds.</summary>
    private const double Ahead = 60;

    private readonly UsedTime<string> byUser = new();
    private readonly UsedTime<SweepId> bySweep = new();

    /// <summary>A device works for it no more.</summary>
    public void Ended(Working working, DateTimeOffset now)
    {
        byUser.Add(working.User, working.Since, now);
        bySweep.Add(working.Sweep, working.Since, now);
    }

    /// <summary>What each has had, in seconds of a device; who has had least goes first.</summary>
    /// <param name="working">The devices that work now.</param>
    public (Func<string, double> OfUser, Func<SweepId, double> OfSweep) At(
        IReadOnlyCollection<Working> working,
        DateTimeOffset now
    )
    {
        var users = working.ToLookup(w => w.User, StringComparer.Ordinal);
        var sweeps = working.ToLookup(w => w.Sweep);
        return (
            user => byUser.Of(user, now) + users[user].Sum(w => InHand(w, now)),
            sweep => bySweep.Of(sweep, now) + sweeps[sweep].Sum(w => InHand(w, now))
        );
    }

    private static double InHand(Working working, DateTimeOffset now) =>
        Ahead + UsedTime<string>.Had(working.Since, now);
}

/// <summary>For what a device works, and since when.</summary>
internal readonly record struct Working(SweepId Sweep, string User, DateTimeOffset Since);
