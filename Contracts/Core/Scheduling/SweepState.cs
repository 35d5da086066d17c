using System.Diagnostics;
using System.Globalization;

namespace Layerbench.Core.Scheduling;

/// <summary>
/// One sweep's scheduling, as a pure state machine: no clock, no I/O, no randomness but the seed's. The local engine
/// and the sweep's grain both decide with it. Of cells it remembers those in flight, in trouble, or in the one window
/// of the plan that is being given out; of cells finished before this run one bit each until their window is reached.
/// Not thread-safe: one owner at a time.
/// </summary>
public sealed partial class SweepState
{
    // What one call of Lease may do, so that an owner that serves many devices is never held up for long.
    private const int SettledPerCall = 4096;
    private const int LookedAtPerCall = 1 << 16;
    private const int SetAsideLimit = 4096;

    // Few, so that the nearest gets to its next look first; not one, because a launch costs as much as a few cells.
    private const int LookedAtTogether = 4;

    private readonly ICellSource source;
    private readonly SchedulingOptions options;
    private readonly Frontier frontier;
    private readonly WaitingCells waiting = new(PendingCell.LongestFirst);
    private readonly WaitingCells lookedAt = new(PendingCell.NearestFirst);
    private readonly CrashedCells crashed;
    private readonly LeaseBook leases;
    private long finishedCells;
    private double finishedSeconds;

    /// <param name="source">Must give the same cell for an index throughout.</param>
    /// <param name="finished">Indices of cells that the store has an outcome for, in any order.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range, or a finished index is none of the source's.</exception>
    public SweepState(ICellSource source, SchedulingOptions options, IEnumerable<long> finished)
    {
        options.Check();
        this.source = source;
        this.options = options;
        leases = new LeaseBook(options);
        crashed = new CrashedCells(options);
        var order = new ExecutionOrder(source.Size, options.Devices, options.Seed);
        var before = new FinishedPositions(order, finished);
        finishedCells = before.Count;
        frontier = new Frontier(source, options, order, before, crashed);
        fleet = new FleetSize(
            options.Devices,
            options.LargestDeviceMemoryBytes,
            SecondMemoryBytes: options.LargestDeviceMemoryBytes
        );
        failed = options.FailedBefore;
    }

    public SweepProgress Progress =>
        new(
            source.Size,
            finishedCells + frontier.Excluded,
            finishedCells,
            frontier.Excluded,
            leases.Cells,
            paused,
            cancelled
        )
        {
            StopReason = stopReason,
        };

    /// <summary>Expected work done and left, for <see cref="Eta"/>.</summary>
    public SweepWork Work =>
        new(
            frontier.Seconds + waiting.Seconds + lookedAt.Seconds + crashed.Seconds + leases.Seconds,
            finishedSeconds,
            leases.Seconds
        );

    /// <summary>Indices of cells that were leased, or set aside, and came back without an end; those in flight are not among them.</summary>
    public IReadOnlyList<long> CameBack =>
        [.. waiting.Indices.Concat(lookedAt.Indices).Concat(crashed.Indices).Order()];

    /// <summary>
    /// A device asks for work. Does a bounded share of work itself: looks at about 65,000 indices and settles 4,096
    /// cells at most; where that was not enough to find a cell, the answer is a <see cref="LeaseAnswer.Wait"/> that
    /// says to ask again at once.
    /// </summary>
    public LeaseAnswer Lease(DeviceInfo device, DateTimeOffset now)
    {
        if (cancelled)
        {
            return new LeaseAnswer.Drained([]);
        }

        if (paused)
        {
            return new LeaseAnswer.Wait("the sweep is paused", []) { Cause = WaitCause.Paused };
        }

        if (AsManyAsItMay() is { } wait)
        {
            return wait;
        }

        SeeDevice(device);
        var cells = Take(device);
        var settled = frontier.SettleUnfit(SettledPerCall);
        finishedCells += settled.Count;
        return cells.Count > 0
            ? new LeaseAnswer.Granted(Grant(cells, device, now), settled)
            : NothingToGrant(device, settled);
    }

    /// <summary>False: the lease has expired or was never given; its holder must stop.</summary>
    public bool Renew(LeaseToken token, DateTimeOffset now) => leases.Renew(token, now);

    /// <summary>
    /// What became of a slice; cells of it that are not named are handed back. A stale token is refused, a repeated one
    /// changes nothing. Whether a lease has expired depends on <paramref name="now"/> alone, not on whether
    /// <see cref="Expire(DateTimeOffset)"/> has been called since.
    /// </summary>
    /// <exception cref="ArgumentException">A cell is named that is not in the slice, or one is named twice; nothing has changed.</exception>
    public TellAnswer Tell(LeaseToken token, IReadOnlyList<CellTold> told, DateTimeOffset now)
    {
        if (leases.WasTold(token))
        {
            return new TellAnswer.Repeated();
        }

        if (leases.Find(token, now) is not { } cells)
        {
            return new TellAnswer.Stale();
        }

        var byIndex = ToldCells.ByIndex(cells, told);
        var (device, deviceKind) = leases.DeviceOf(token);
        leases.Close(token);
        if (told.Count > 0)
        {
            failedStarts.Forget(device);
        }

        var settled = new List<Settlement>();
        foreach (var cell in cells)
        {
            switch (byIndex.GetValueOrDefault(cell.Index))
            {
                case CellTold.Ended ended:
                    Finish(cell, Learnt(cell, deviceKind, ended.LaunchSeconds));
                    Judge(ended.Outcome);
                    break;
                case CellTold.Crashed death:
                    Crash(cell, death, device, settled);
                    break;
                case CellTold.HandedBack { Distance: { } distance }:
                    Return(cell with { Distance = distance });
                    break;
                case CellTold.HandedBack or null:
                    Return(cell);
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        Correct();
        return new TellAnswer.Accepted(settled);
    }

    /// <summary>Takes back what was leased and not renewed, without blame; returns the tokens that died, oldest lease first.</summary>
    public IReadOnlyList<LeaseToken> Expire(DateTimeOffset now)
    {
        var dead = leases.RemoveExpired(now);
        foreach (var (_, cells) in dead)
        {
            foreach (var cell in cells)
            {
                Return(cell);
            }
        }

        return [.. dead.Select(d => d.Token)];
    }

    private List<PendingCell> Take(DeviceInfo device)
    {
        var seen = 0;
        while (true)
        {
            // Also after a window was opened: it may hold cells that killed workers before this run.
            if (crashed.Take(device, fleet) is { } again)
            {
                return [again];
            }

            var budget = Budget(device.Kind);
            var taken = waiting.Take(device, budget);
            taken = taken.Count > 0 ? taken : frontier.Take(device, budget, waiting, SetAsideLimit);
            if (taken.Count > 0 || frontier.Ready > 0 || seen >= LookedAtPerCall)
            {
                return taken;
            }

            if (!frontier.HasMore)
            {
                return lookedAt.Take(device, budget with { Cells = Math.Min(budget.Cells, LookedAtTogether) });
            }

            seen += frontier.OpenNext();
        }
    }

    private SliceBudget Budget(string deviceKind) =>
        SliceBudget.Of(
            options,
            Sharing,
            options.Costs?.Pace(deviceKind) ?? 1,
            source.Size - finishedCells - frontier.Excluded - leases.Cells,
            frontier.Seconds + waiting.Seconds + lookedAt.Seconds
        );

    private Slice Grant(List<PendingCell> pending, DeviceInfo device, DateTimeOffset now)
    {
        // Made first: a source that throws must not leave a lease behind that nobody holds.
        List<Cell> cells = [.. pending.Select(c => source.Required(c.Index))];
        var token = leases.Add(device, pending, now);
        // A cell that crashed is alone in its slice.
        var attempt = crashed.Of(pending[0].Index) + 1;
        return new Slice(
            token,
            device.Id,
            attempt,
            cells,
            now + options.LeaseDuration,
            pending[0].LookedAt,
            options.Epoch
        );
    }

    private LeaseAnswer NothingToGrant(DeviceInfo device, IReadOnlyList<Settlement> settled)
    {
        if (frontier.Unfit > 0 || (frontier.HasMore && frontier.Ready == 0))
        {
            return Looking("looking for cells to run", settled);
        }

        if (NoneForThis(device) is { } reason)
        {
            return new LeaseAnswer.Wait(reason, settled) { Cause = WaitCause.OtherDevice };
        }

        if (leases.Cells > 0)
        {
            return new LeaseAnswer.Wait(
                string.Create(CultureInfo.InvariantCulture, $"{leases.Cells} cells are in flight and may come back"),
                settled
            );
        }

        return frontier.GiveUpOversize()
            ? Looking("settling cells that fit no device", settled)
            : new LeaseAnswer.Drained(settled);
    }

    private static LeaseAnswer.Wait Looking(string reason, IReadOnlyList<Settlement> settled) =>
        new(reason, settled) { AskAgainNow = true, Cause = WaitCause.Looking };

    private void Finish(in PendingCell cell, double seconds)
    {
        crashed.Forget(cell.Index);
        finishedCells++;
        finishedSeconds += seconds;
    }

    private void Crash(in PendingCell cell, CellTold.Crashed death, DeviceId device, List<Settlement> settled)
    {
        if (crashed.Add(cell, death, device, fleet) is { } poisoned)
        {
            Judge(poisoned);
            Finish(cell, options.Costs is null ? cell.Seconds : 0);
            settled.Add(new Settlement(source.Required(cell.Index), poisoned));
        }
    }

    private void Return(in PendingCell cell)
    {
        // One that got to a look has shown that it can be run.
        if (crashed.Has(cell.Index) && !cell.LookedAt)
        {
            crashed.Return(cell);
            return;
        }

        (cell.LookedAt ? lookedAt : waiting).Add(cell);
    }
}
