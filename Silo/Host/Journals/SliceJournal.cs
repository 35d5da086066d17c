using System.Text;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Grains;

namespace Layerbench.Silo.Journals;

/// <summary>
/// Keeps a file of what this node runs, by which its results can be checked. A line is in the system's hands before what
/// it says begins, so that it outlives the process, though not a power failure.
/// </summary>
internal sealed class SliceJournal : IDisposable
{
    private readonly FileStream file;
    private readonly Lock one = new();

    private SliceJournal(FileStream file) => this.file = file;

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SliceJournal Open(string path) =>
        new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));

    public void Write(JournalLine line)
    {
        var bytes = Encoding.UTF8.GetBytes(line.ToJson() + '\n');
        lock (one)
        {
            file.Write(bytes);
        }
    }

    public void Dispose() => file.Dispose();
}

/// <summary>Runners whose slices are written into a journal.</summary>
internal sealed class JournaledRunners(ISliceRunners inner, SliceJournal journal, TimeProvider time) : ISliceRunners
{
    public ISliceRunner For(SweepRecord sweep) => new Runner(sweep.Id, inner.For(sweep), journal, time);

    private sealed class Runner(SweepId sweep, ISliceRunner inner, SliceJournal journal, TimeProvider time)
        : ISliceRunner
    {
        public async Task<IReadOnlyList<CellTold>> RunAsync(
            Slice slice,
            DeviceInfo device,
            CancellationToken stop,
            CancellationToken kill
        )
        {
            Write(JournalEvent.Begun, slice.Cells.Select(c => c.Index));
            var ended = false;
            try
            {
                var told = await inner.RunAsync(slice, device, stop, kill);
                Write(JournalEvent.Ended, told.OfType<CellTold.Ended>().Select(c => c.Index));
                ended = true;
                return told;
            }
            finally
            {
                if (!ended)
                {
                    Write(JournalEvent.Lost, []);
                }
            }

            void Write(JournalEvent what, IEnumerable<long> cells) =>
                journal.Write(
                    new JournalLine(
                        time.GetUtcNow(),
                        what,
                        sweep.Value,
                        slice.Token.Value,
                        slice.Device.Value,
                        slice.Attempt,
                        [.. cells]
                    )
                );
        }
    }
}
