namespace Layerbench.Bench.Validity;

/// <summary>
/// Prints the figures of docs/measurement.md from raw launches, idle and loaded side by side: each with what it rests
/// on, what was asked, and whether that is proved, reached or missed.
/// </summary>
internal sealed class ValidityReport
{
    private const int NameWidth = 60;
    private const int ValueWidth = 62;

    private readonly IReadOnlyList<(
        string Name,
        IReadOnlyList<KnownPair> Pairs,
        IReadOnlyList<KnownPair> Sequential
    )> loads;

    private ValidityReport(IReadOnlyList<RawLaunch> launches)
    {
        var (interleaved, sequential) = KnownPair.Of(launches);
        if (interleaved.Count == 0)
        {
            throw new InvalidDataException(
                $"no cell has its {Campaign.GridLaunches} launches; measure for longer, or replay a whole file"
            );
        }

        loads =
        [
            .. interleaved
                .GroupBy(p => p.Run.Hog)
                .OrderBy(g => g.Key)
                .Select(g =>
                    (
                        g.Key ? "beside a CPU hog" : "no load of ours",
                        (IReadOnlyList<KnownPair>)[.. g],
                        (IReadOnlyList<KnownPair>)[.. sequential.Where(p => p.Run.Hog == g.Key)]
                    )
                ),
        ];
    }

    /// <exception cref="InvalidDataException">No cell has all its launches.</exception>
    public static void Print(IReadOnlyList<RawLaunch> launches) => new ValidityReport(launches).Print();

    private void Print()
    {
        Machine.Line(
            "cells",
            $"ffn.dense, launches of {Gathering.Blocks} blocks, warm-up {Gathering.WarmUp.TotalMilliseconds:N0} ms (a sweep's: 200 ms)"
        );
        Console.WriteLine(
            $"\n  {"", -NameWidth} {"asked", -13} {string.Join(' ', loads.Select(l => l.Name.PadRight(ValueWidth)))}"
        );
        Section("Verdicts: each run judged as one sweep (margin 2%, FDR 5%)", Grid, ControlFigures.Of);
        Section("Intervals that hold the true ratio", Grid, CoverageFigures.Of);
        Section("The same ratio in two runs", Grid, p => RepeatFigures.Of(p, p, p[0].Run.Hog));
        Section($"Time to a half-width of {100 * Stopped.Target:0}%", p => p.Deep, TimeFigures.Of);
        Section("Grids of 500 comparisons, 50 of them +3%", Grid, DiscoveryFigures.Of);
        if (loads.Count > 1)
        {
            Lines(
                "The same ratio without and beside the hog",
                RepeatFigures.Of(Of(0, Grid), Of(1, Grid), loaded: true)
            );
            Lines(
                "Verdicts without and beside the hog, put together",
                ControlFigures.Of([.. Of(0, Grid), .. Of(1, Grid)])
            );
        }

        foreach (var (name, pairs, sequential) in loads)
        {
            Machine.Title($"What other rules say of the same samples, {name} (share, [95% Wilson interval])");
            Console.WriteLine($"  {"rule", -44} {"order", -12} {"claims at A/A", -28} {"slower at +3%", -28} reversed");
            foreach (var line in RuleLines.Of([.. pairs.Where(Grid)], sequential))
            {
                Console.WriteLine(line);
            }
        }
    }

    private static void Lines(string title, IEnumerable<Figure> figures)
    {
        Machine.Title(title);
        foreach (var figure in figures)
        {
            Console.WriteLine($"  {figure.Name, -NameWidth} {figure.Asked, -13} {Cell(figure)}");
        }
    }

    private void Section(
        string title,
        Func<KnownPair, bool> which,
        Func<IReadOnlyList<KnownPair>, IEnumerable<Figure>> figures
    )
    {
        Machine.Title(title);
        var columns = loads.Select((_, load) => Of(load, which) is { Count: > 0 } some ? figures(some).ToList() : []);
        var byLoad = columns.ToList();
        if (byLoad.TrueForAll(c => c.Count == 0))
        {
            Console.WriteLine("  none measured");
        }

        for (var row = 0; row < byLoad.Max(c => c.Count); row++)
        {
            var present = byLoad.First(c => row < c.Count)[row];
            var cells = byLoad.Select(c => (row < c.Count ? Cell(c[row]) : "none measured").PadRight(ValueWidth));
            Console.WriteLine($"  {present.Name, -NameWidth} {present.Asked, -13} {string.Join(' ', cells)}".TrimEnd());
        }
    }

    private IReadOnlyList<KnownPair> Of(int load, Func<KnownPair, bool> which) => [.. loads[load].Pairs.Where(which)];

    private static bool Grid(KnownPair pair) => !pair.Deep;

    private static string Cell(Figure figure) => $"{figure.Value, -28} {figure.Word}";
}
