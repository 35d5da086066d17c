namespace Layerbench.Grains.Fleet;

/// <summary>
/// Device time that somebody has had, in seconds, of which half is forgotten after every <see cref="HalfLife"/>: what is
/// shared fairly is the last while, not all of history. Pure.
/// </summary>
internal sealed class UsedTime<TKey>
    where TKey : notnull
{
    public static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(10);

    /// <summary>What is less is forgotten, in seconds.</summary>
    private const double Nothing = 0.001;

    private readonly Dictionary<TKey, (double Seconds, DateTimeOffset At)> used = [];

    /// <summary>A device was had from then until now.</summary>
    public void Add(TKey key, DateTimeOffset since, DateTimeOffset now)
    {
        used[key] = (Of(key, now) + Had(since, now), now);
        foreach (var forgotten in used.Keys.Where(k => Of(k, now) < Nothing).ToList())
        {
            used.Remove(forgotten);
        }
    }

    /// <summary>What is remembered of each.</summary>
    public Dictionary<TKey, double> All(DateTimeOffset now) => used.Keys.ToDictionary(k => k, k => Of(k, now));

    /// <summary>Who has had any within this span.</summary>
    public IEnumerable<TKey> Within(TimeSpan span, DateTimeOffset now) =>
        used.Where(u => now - u.Value.At <= span).Select(u => u.Key);

    /// <summary>It had so much at that time, in seconds.</summary>
    public void Restore(TKey key, double seconds, DateTimeOffset at) => used[key] = (seconds, at);

    public double Of(TKey key, DateTimeOffset now) =>
        used.TryGetValue(key, out var entry) ? entry.Seconds * Left(now - entry.At) : 0;

    /// <summary>What is remembered now of a device that somebody has had from then on: a second of long ago counts less than the last.</summary>
    public static double Had(DateTimeOffset since, DateTimeOffset now) =>
        HalfLife.TotalSeconds / Math.Log(2) * (1 - Left(now - since));

    // Clocks of one process, but they may be set back.
    private static double Left(TimeSpan ago) => Math.Pow(2, -Math.Max(0, ago / HalfLife));
}
