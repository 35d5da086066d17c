namespace Layerbench.Core.Scheduling;

/// <summary>Leases in flight, and the last tokens that were told.</summary>
internal sealed class LeaseBook(SchedulingOptions options)
{
    /// <summary>A repeated tell is a retry after a lost answer, so it comes soon; older tokens count as stale, which also changes nothing.</summary>
    private const int RememberedTokens = 1024;

    private readonly Dictionary<LeaseToken, Entry> leases = [];
    private readonly HashSet<LeaseToken> told = [];
    private readonly Queue<LeaseToken> toldInOrder = new();
    private long counter;

    /// <summary>Leases in flight, those included that have died and were not taken back yet.</summary>
    public int Count => leases.Count;

    /// <summary>Cells in flight.</summary>
    public int Cells { get; private set; }

    /// <summary>Expected seconds of the cells in flight.</summary>
    public double Seconds => leases.Values.Sum(l => l.Cells.Sum(c => c.Seconds));

    /// <param name="now">Part of the token, so that a run that starts over gives no token twice.</param>
    public LeaseToken Add(DeviceInfo device, IReadOnlyList<PendingCell> cells, DateTimeOffset now)
    {
        var token = new LeaseToken(
            SeededRandom
                .For(options.Seed, "lease", counter, device.Id, now.UtcTicks)
                .NextUInt64()
                .ToString("x16", System.Globalization.CultureInfo.InvariantCulture)
        );
        leases.Add(token, new Entry(counter, device.Id, device.Kind, cells, now + options.LeaseDuration));
        counter++;
        Cells += cells.Count;
        return token;
    }

    /// <summary>A lease that another book gave.</summary>
    public void Adopt(SliceClaim claim, IReadOnlyList<PendingCell> cells, DateTimeOffset now)
    {
        leases.Add(
            claim.Token,
            new Entry(counter, claim.Device.Id, claim.Device.Kind, cells, now + options.LeaseDuration)
        );
        counter++;
        Cells += cells.Count;
    }

    /// <summary>Whether the cell is in a lease.</summary>
    public bool Holds(long index) => leases.Values.Any(l => l.Cells.Any(c => c.Index == index));

    /// <summary>The cells of a lease that is alive, or null.</summary>
    public IReadOnlyList<PendingCell>? Find(LeaseToken token, DateTimeOffset now) =>
        leases.TryGetValue(token, out var lease) && now < lease.ExpiresAt ? lease.Cells : null;

    public bool Renew(LeaseToken token, DateTimeOffset now)
    {
        if (Find(token, now) is null)
        {
            return false;
        }

        leases[token] = leases[token] with { ExpiresAt = now + options.LeaseDuration };
        return true;
    }

    /// <summary>The device that has it, and its kind; of a lease that is alive.</summary>
    public (DeviceId Device, string Kind) DeviceOf(LeaseToken token) =>
        (leases[token].Device, leases[token].DeviceKind);

    /// <param name="byClass">What expected times are to be multiplied by.</param>
    public void Correct(IReadOnlyList<double> byClass)
    {
        foreach (var (token, lease) in leases.ToList())
        {
            leases[token] = lease with { Cells = [.. lease.Cells.Select(c => c.Corrected(byClass))] };
        }
    }

    public bool WasTold(LeaseToken token) => told.Contains(token);

    /// <summary>The lease is over because its holder told.</summary>
    public void Close(LeaseToken token)
    {
        Remove(token);
        told.Add(token);
        toldInOrder.Enqueue(token);
        if (toldInOrder.Count > RememberedTokens)
        {
            told.Remove(toldInOrder.Dequeue());
        }
    }

    /// <summary>Removes the leases that were not renewed in time, oldest first.</summary>
    public List<(LeaseToken Token, IReadOnlyList<PendingCell> Cells)> RemoveExpired(DateTimeOffset now) =>
        Remove(l => now >= l.ExpiresAt);

    /// <summary>Removes the leases of these devices, oldest first.</summary>
    public List<(LeaseToken Token, IReadOnlyList<PendingCell> Cells)> RemoveOf(Func<DeviceId, bool> isLost) =>
        Remove(l => isLost(l.Device));

    private List<(LeaseToken Token, IReadOnlyList<PendingCell> Cells)> Remove(Func<Entry, bool> isDead)
    {
        var dead = leases
            .Where(l => isDead(l.Value))
            .OrderBy(l => l.Value.Sequence)
            .Select(l => (l.Key, l.Value.Cells))
            .ToList();
        foreach (var (token, _) in dead)
        {
            Remove(token);
        }

        return dead;
    }

    private void Remove(LeaseToken token)
    {
        leases.Remove(token, out var lease);
        Cells -= lease.Cells.Count;
    }

    private readonly record struct Entry(
        long Sequence,
        DeviceId Device,
        string DeviceKind,
        IReadOnlyList<PendingCell> Cells,
        DateTimeOffset ExpiresAt
    );
}
