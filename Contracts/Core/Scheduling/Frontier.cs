namespace Layerbench.Core.Scheduling;

/// <summary>
/// The part of the plan that is being given out: one window of it, sorted longest expected first in a queue per lane.
/// Cells are looked at when their window is opened and made again when they are leased; nothing else of them is kept.
/// </summary>
internal sealed class Frontier(
    ICellSource source,
    SchedulingOptions options,
    ExecutionOrder order,
    FinishedPositions finished,
    CrashedCells crashed
)
{
    private readonly List<(PendingCell[] Cells, int Next)> lanes = [];

    /// <summary>As many as may wait for a larger device; more of them are settled at once, lest memory follows the plan.</summary>
    private const int OversizeLimit = 4096;

    private readonly Queue<long> unfit = new();
    private readonly List<PendingCell> oversize = [];
    private long largestMemoryBytes = options.LargestDeviceMemoryBytes;
    private long nextWindow;
    private long lookedAt;
    private readonly List<double> secondsSoFar = [];
    private double secondsHere;

    /// <summary>Indices that hold no cell, so far.</summary>
    public long Excluded { get; private set; }

    /// <summary>Indices in windows not opened yet that were not finished before.</summary>
    public long Unopened { get; private set; } = order.Size - finished.Count;

    /// <summary>A window has been opened.</summary>
    public bool HasBegun => nextWindow > 0;

    /// <summary>Windows are left to open.</summary>
    public bool HasMore => nextWindow < order.Windows;

    /// <summary>Cells that run nowhere and are still to be settled.</summary>
    public int Unfit => unfit.Count;

    /// <summary>Cells of the window that nobody has yet.</summary>
    public int Ready => lanes.Sum(l => l.Cells.Length - l.Next);

    /// <summary>Expected seconds of everything not given out; of what is not looked at yet, by the mean so far.</summary>
    public double Seconds =>
        secondsHere + (Unopened == 0 || lookedAt == 0 ? 0 : Unopened * (secondsSoFar.Sum() / lookedAt));

    /// <summary>Looks at the next window; returns how many indices were asked of the source, none where all were finished.</summary>
    public int OpenNext()
    {
        var first = nextWindow * order.WindowSize;
        var length = (int)Math.Min(order.WindowSize, order.Size - first);
        var done = finished.Take(nextWindow);
        var open = length - FinishedPositions.CountOf(done);
        Unopened -= open;
        nextWindow++;

        var queues = new Dictionary<Lane, List<PendingCell>>();
        for (var slot = 0; slot < length && open > 0; slot++)
        {
            if (!FinishedPositions.Has(done, slot))
            {
                Look(order.IndexAt(first + slot), queues);
            }
        }

        lanes.RemoveAll(l => l.Next == l.Cells.Length);
        foreach (var queue in queues.Values)
        {
            queue.Sort(PendingCell.LongestFirst);
            lanes.Add(([.. queue], 0));
        }

        return open;
    }

    /// <summary>
    /// The longest cells of one lane that fit the device, or none. Longer ones that do not fit it are set aside for
    /// others, at most <paramref name="setAsideLimit"/> cells waiting in all.
    /// </summary>
    public List<PendingCell> Take(DeviceInfo device, SliceBudget budget, WaitingCells setAside, int setAsideLimit)
    {
        var taken = new List<PendingCell>();
        var seconds = 0.0;
        var lane = LongestLane();
        while (lane >= 0)
        {
            var (cells, next) = lanes[lane];
            var cell = cells[next];
            if (!cell.Fits(device))
            {
                if (setAside.Count >= setAsideLimit)
                {
                    break;
                }

                Advance(lane);
                setAside.Add(cell);
                lane = taken.Count == 0 ? LongestLane() : StillIn(lane);
                continue;
            }

            if (taken.Count == budget.Cells || !budget.Allows(taken, seconds, cell))
            {
                break;
            }

            Advance(lane);
            taken.Add(cell);
            seconds += cell.Seconds;
            lane = StillIn(lane);
        }

        return taken;
    }

    /// <summary>The largest device has changed: of the cells that fitted none, those that fit now wait with the others.</summary>
    public void SeeLargest(long memoryBytes, WaitingCells waiting)
    {
        largestMemoryBytes = memoryBytes;
        foreach (var cell in oversize.FindAll(c => c.PeakBytes <= memoryBytes))
        {
            waiting.Add(cell);
        }

        oversize.RemoveAll(c => c.PeakBytes <= memoryBytes);
    }

    /// <summary>Cells that wait for a larger device are to be settled; false where there are none.</summary>
    public bool GiveUpOversize()
    {
        oversize.ForEach(c => unfit.Enqueue(c.Index));
        oversize.Clear();
        return unfit.Count > 0;
    }

    /// <summary>Sorts what is left of the window anew.</summary>
    /// <param name="byClass">What expected times are to be multiplied by.</param>
    public void Correct(IReadOnlyList<double> byClass)
    {
        for (var i = 0; i < secondsSoFar.Count; i++)
        {
            secondsSoFar[i] *= byClass[i];
        }

        for (var i = 0; i < oversize.Count; i++)
        {
            oversize[i] = oversize[i].Corrected(byClass);
        }

        secondsHere = 0;
        for (var i = 0; i < lanes.Count; i++)
        {
            PendingCell[] left = [.. lanes[i].Cells.Skip(lanes[i].Next).Select(c => c.Corrected(byClass))];
            Array.Sort(left, PendingCell.LongestFirst);
            lanes[i] = (left, 0);
            secondsHere += left.Sum(c => c.Seconds);
        }
    }

    /// <summary>Some of the cells that run nowhere, with the reason.</summary>
    public List<Settlement> SettleUnfit(int limit)
    {
        var settled = new List<Settlement>(Math.Min(limit, unfit.Count));
        while (settled.Count < limit && unfit.TryDequeue(out var index))
        {
            var cell = source.Required(index);
            var reason = source.Refusal(cell) ?? FitReason.Words(source.Cost(cell).PeakBytes, largestMemoryBytes);
            settled.Add(new Settlement(cell, new Results.Outcome.Skipped(reason)));
        }

        return settled;
    }

    /// <summary>The cell as it waits.</summary>
    public PendingCell PendingOf(Cell cell, CellCost cost)
    {
        var (seconds, @class) = options.Costs?.Expect(cell, cost) ?? (options.ExpectedSeconds(cell, cost), 0);
        // A cost that is no number says nothing; such a cell runs last.
        seconds = double.IsFinite(seconds) && seconds > 0 ? seconds : 0;
        return new PendingCell(cell.Index, seconds, cost.PeakBytes, new Lane(cell.Backend, cell.Threads), @class);
    }

    /// <summary>Somebody has the cell already; false: it had been finished before. Before the first window is opened.</summary>
    public bool Exclude(long index)
    {
        var isNew = finished.Add(index);
        Unopened -= isNew ? 1 : 0;
        return isNew;
    }

    private void Look(long index, Dictionary<Lane, List<PendingCell>> queues)
    {
        lookedAt++;
        if (source.At(index) is not { } cell)
        {
            Excluded++;
            return;
        }

        if (source.Refusal(cell) is not null)
        {
            unfit.Enqueue(index);
            return;
        }

        var cost = source.Cost(cell);
        var isOversize = cost.PeakBytes > largestMemoryBytes;
        if (isOversize && !(options.FleetChanges && oversize.Count < OversizeLimit))
        {
            unfit.Enqueue(index);
            return;
        }

        var pending = PendingOf(cell, cost);
        var (lane, seconds, @class) = (pending.Lane, pending.Seconds, pending.Class);
        if (isOversize)
        {
            oversize.Add(pending);
            return;
        }

        if (crashed.Restore(cell.Id, pending))
        {
            return;
        }

        if (!queues.TryGetValue(lane, out var queue))
        {
            queues[lane] = queue = [];
        }

        queue.Add(pending);
        while (secondsSoFar.Count <= @class)
        {
            secondsSoFar.Add(0);
        }

        secondsSoFar[@class] += seconds;
        secondsHere += seconds;
    }

    private int StillIn(int lane) => lanes[lane].Next < lanes[lane].Cells.Length ? lane : -1;

    private void Advance(int lane)
    {
        var (cells, next) = lanes[lane];
        lanes[lane] = (cells, next + 1);
        secondsHere = Math.Max(0, secondsHere - cells[next].Seconds);
    }

    private int LongestLane()
    {
        var best = -1;
        for (var i = 0; i < lanes.Count; i++)
        {
            if (StillIn(i) >= 0 && (best < 0 || PendingCell.LongestFirst.Compare(Head(i), Head(best)) < 0))
            {
                best = i;
            }
        }

        return best;

        PendingCell Head(int lane) => lanes[lane].Cells[lanes[lane].Next];
    }
}
