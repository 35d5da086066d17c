using System.Text;
using Layerbench.LocalCluster.Records;
using Layerbench.Silo.Journals;

namespace Layerbench.Harness;

/// <summary>The silos' journals, read as they grow. Not thread-safe.</summary>
public sealed class JournalBook(ClusterFolder folder, IReadOnlyList<string> silos)
{
    private readonly Dictionary<string, Tail> tails = silos.ToDictionary(
        s => s,
        s => new Tail(folder.JournalOf(s)),
        StringComparer.Ordinal
    );

    /// <summary>All that a silo has written so far, over all its processes.</summary>
    public IReadOnlyList<JournalLine> Of(string silo) => tails[silo].Read();

    public IEnumerable<JournalLine> All() => tails.Values.SelectMany(t => t.Read());

    /// <summary>
    /// The slices that the silo's devices began last and neither ended nor lost: in flight, or dead with it until a device
    /// begins another.
    /// </summary>
    public IReadOnlyList<JournalLine> InFlight(string silo) =>
        [
            .. Of(silo)
                .GroupBy(l => l.Device, StringComparer.Ordinal)
                .Select(d => d.Last())
                .Where(l => l.Event == JournalEvent.Begun),
        ];

    /// <summary>One file; a line that is not whole yet is read when it is.</summary>
    private sealed class Tail(string path)
    {
        private readonly List<JournalLine> lines = [];
        private long offset;

        public IReadOnlyList<JournalLine> Read()
        {
            if (!File.Exists(path))
            {
                return lines;
            }

            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.Seek(offset, SeekOrigin.Begin);
            var bytes = new byte[stream.Length - offset];
            stream.ReadExactly(bytes);
            var end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
            offset += end;
            var whole = Encoding.UTF8.GetString(bytes, 0, end);
            lines.AddRange(whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(JournalLine.Parse));
            return lines;
        }
    }
}
