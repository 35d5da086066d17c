using Layerbench.Core.Statistics;

namespace Layerbench.Core.Scheduling;

/// <summary>The median of the last 64 values; 0 before the first.</summary>
internal sealed class RecentMedian
{
    private const int Values = 64;

    private readonly List<double> ring = new(Values);
    private int next;

    public double Median { get; private set; }

    public void Add(double value)
    {
        if (ring.Count < Values)
        {
            ring.Add(value);
        }
        else
        {
            ring[next] = value;
            next = (next + 1) % Values;
        }

        Median = Quantiles.Median([.. ring]);
    }
}
