using System.Runtime;

namespace Layerbench.Worker.Measuring;

/// <summary>
/// Keeps the garbage collector out of timed sections: a region without collections is held, and renewed between
/// blocks (which collects) once half of it has been allocated. The wrapper objects of a tensor are a few hundred bytes,
/// so that is seldom.
/// </summary>
internal sealed class QuietHeap : IDisposable
{
    /// <summary>Small enough that going round in it stays in the outer caches.</summary>
    private const long RegionBytes = 32L << 20;

    private long start;

    /// <summary>To be called where nothing is timed.</summary>
    public void BetweenBlocks()
    {
        var held = GCSettings.LatencyMode == GCLatencyMode.NoGCRegion;
        if (held && GC.GetAllocatedBytesForCurrentThread() - start < RegionBytes / 2)
        {
            return;
        }

        Leave();
        GC.Collect();
        // Finalisers that the collection found run now and not beside a sample.
        GC.WaitForPendingFinalizers();
        GC.TryStartNoGCRegion(RegionBytes);
        start = GC.GetAllocatedBytesForCurrentThread();
    }

    public void Dispose() => Leave();

    private static void Leave()
    {
        // A sample that allocated more than the region has ended it already, by a collection.
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
        {
            GC.EndNoGCRegion();
        }
    }
}
