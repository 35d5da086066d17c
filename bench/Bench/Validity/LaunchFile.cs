using System.Text;
using System.Text.Json;

namespace Layerbench.Bench.Validity;

/// <summary>Raw launches, one on each line, appended as they end: what is killed goes on where it was.</summary>
internal static class LaunchFile
{
    /// <exception cref="InvalidDataException">A line is no launch.</exception>
    public static IReadOnlyList<RawLaunch> Read(string path)
    {
        var launches = new List<RawLaunch>();
        foreach (var line in File.ReadLines(path))
        {
            try
            {
                launches.Add(RawLaunch.FromLine(line));
            }
            catch (JsonException e)
            {
                throw new InvalidDataException(
                    $"{path}, line {launches.Count + 1}: is no launch of 'validity --save' ({e.Message})",
                    e
                );
            }
        }

        return launches;
    }

    /// <summary>The launches of several files; one that is in two of them counts once.</summary>
    /// <exception cref="InvalidDataException">A line is no launch, or the files are of several backends.</exception>
    public static IReadOnlyList<RawLaunch> Read(IEnumerable<string> paths)
    {
        var launches = paths.SelectMany(Read).DistinctBy(l => (l.Key, l.Hog)).ToList();
        var backends = launches.Select(l => l.Backend).Distinct(StringComparer.Ordinal).ToList();
        return backends.Count <= 1
            ? launches
            : throw new InvalidDataException(
                $"the launches are of {string.Join(" and ", backends)}; replay those of one backend at a time"
            );
    }

    /// <summary>Opens a file to go on with: a line that a kill left half written is cut off.</summary>
    /// <exception cref="InvalidDataException">It holds launches of another backend or load.</exception>
    public static (StreamWriter Writer, IReadOnlyList<RawLaunch> There) Open(string path, string backend, bool hog)
    {
        if (!File.Exists(path))
        {
            return (Writer(path), []);
        }

        CutHalfLine(path);
        var there = Read(path);
        if (there.FirstOrDefault(l => l.Backend != backend || l.Hog != hog) is { } other)
        {
            throw new InvalidDataException(
                $"{path} holds launches of {other.Backend} {(other.Hog ? "with" : "without")} --hog; give another file, or the same options"
            );
        }

        return (Writer(path), there);
    }

    private static StreamWriter Writer(string path) =>
        new(new FileStream(path, FileMode.Append), new UTF8Encoding(false)) { AutoFlush = true };

    private static void CutHalfLine(string path)
    {
        using var file = new FileStream(path, FileMode.Open);
        var end = file.Length;
        for (; end > 0; end--)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n')
            {
                break;
            }
        }

        file.SetLength(end);
    }
}
