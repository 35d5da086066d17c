using Layerbench.Core;
using Layerbench.Core.Engines;

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

    /// <summary>Who has had no device for so long is not told of.</summary>
    private static readonly TimeSpan lately = TimeSpan.FromMinutes(10);

    private readonly UsedTime<string> byUser = new();
    private readonly UsedTime<SweepId> bySweep = new();
    private bool isKept = true;

    /// <summary>A device works for it no more.</summary>
    public void Ended(Working working, DateTimeOffset now)
    {
        byUser.Add(working.User, working.Since, now);
        bySweep.Add(working.Sweep, working.Since, now);
        isKept = false;
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

    /// <summary>Who has devices or had one a short while ago, most first.</summary>
    /// <param name="working">The devices that work now.</param>
    public IReadOnlyList<UserShare> Users(IReadOnlyCollection<Working> working, DateTimeOffset now)
    {
        var devices = working.ToLookup(w => w.User, StringComparer.Ordinal);
        var had = byUser
            .Within(lately, now)
            .Union(devices.Select(d => d.Key), StringComparer.Ordinal)
            .ToDictionary(
                u => u,
                u => byUser.Of(u, now) + devices[u].Sum(w => UsedTime<string>.Had(w.Since, now)),
                StringComparer.Ordinal
            );
        var all = had.Values.Sum();
        return
        [
            .. had.Select(u => new UserShare(u.Key, devices[u.Key].Count(), all > 0 ? u.Value / all : 0))
                .OrderByDescending(u => u.Share)
                .ThenBy(u => u.User, StringComparer.Ordinal),
        ];
    }

    /// <summary>What is to be remembered if this is lost, that of devices at work included; null: nothing new since this was asked last.</summary>
    public KeptShares? TakeNew(IReadOnlyCollection<Working> working, DateTimeOffset now)
    {
        if (isKept && working.Count == 0)
        {
            return null;
        }

        isKept = true;
        var (users, sweeps) = (byUser.All(now), bySweep.All(now));
        foreach (var at in working)
        {
            var had = UsedTime<string>.Had(at.Since, now);
            users[at.User] = users.GetValueOrDefault(at.User) + had;
            sweeps[at.Sweep] = sweeps.GetValueOrDefault(at.Sweep) + had;
        }

        return new KeptShares(now, users, sweeps.ToDictionary(s => s.Key.Value, s => s.Value, StringComparer.Ordinal));
    }

    /// <summary>Goes on from there; before anything has been used.</summary>
    public void Restore(KeptShares kept)
    {
        foreach (var (user, seconds) in kept.Users)
        {
            byUser.Restore(user, seconds, kept.At);
        }

        foreach (var (sweep, seconds) in kept.Sweeps)
        {
            bySweep.Restore(new SweepId(sweep), seconds, kept.At);
        }
    }

    private static double InHand(Working working, DateTimeOffset now) =>
        Ahead + UsedTime<string>.Had(working.Since, now);
}

/// <summary>For what a device works, and since when.</summary>
internal readonly record struct Working(SweepId Sweep, string User, DateTimeOffset Since);

/// <summary>Device time that each has had, as it is kept in grain storage.</summary>
/// <param name="At">By the clock of the silo that wrote it. All is forgotten alike, so another's clock changes no order.</param>
/// <param name="Users">Seconds of a device, by user.</param>
/// <param name="Sweeps">Likewise, by the sweep's id.</param>
[GenerateSerializer, Alias("layerbench.KeptShares")]
internal sealed record KeptShares(
    DateTimeOffset At,
    IReadOnlyDictionary<string, double> Users,
    IReadOnlyDictionary<string, double> Sweeps
);
