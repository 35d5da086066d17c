using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis.Backends;

/// <summary>
/// The same variant at the same point in two backends: pure, and the order in which cells are seen changes nothing.
/// </summary>
/// <remarks>
/// Backends are processes of their own, so their cells are not interleaved and launches are independent samples
/// (<see cref="Shift"/>). Their environments differ by nature, and each takes its canaries by its own libraries, so that
/// nothing here can be judged and no drift be taken out: the ratio is of frameworks, builds and moments together. The
/// canaries stand beside it.
/// </remarks>
public sealed class BackendAnalysis(AnalysisRule rule)
{
    /// <summary>Cells of which the launches' times are kept in memory; those of a larger sweep are not paired.</summary>
    public const int MostCells = 10_000;

    private const string Axis = "backend";

    private readonly List<Timed> cells = [];
    private readonly HashSet<string> backends = new(StringComparer.Ordinal);
    private readonly Dictionary<FingerprintId, string> environments = [];
    private bool tooMany;

    /// <param name="findings">Of the cell, by the same rule.</param>
    /// <param name="launches">The cell's that are not superseded.</param>
    public void See(CellResult cell, CellFindings findings, IReadOnlyList<LaunchRecord> launches)
    {
        if (
            findings is not { Control: ControlKind.None, Problem: null, Estimate.TimeLaunches: > 0 }
            || BackendOf(cell).Length == 0
        )
        {
            return;
        }

        backends.Add(BackendOf(cell));
        foreach (var launch in launches.Where(l => l.Kind == LaunchKind.Time))
        {
            environments[launch.Fingerprint] = BackendOf(cell);
        }

        tooMany |= cells.Count == MostCells;
        if (tooMany)
        {
            cells.Clear();
            return;
        }

        cells.Add(Timed.Of(cell, launches, rule));
    }

    /// <param name="canaries">The sweep's.</param>
    public BackendReport Conclude(IReadOnlyList<CanaryRecord> canaries)
    {
        if (tooMany || backends.Count < 2)
        {
            return new([], [], alone: 0, unlike: 0, tooMany && backends.Count > 1);
        }

        cells.Sort((a, b) => a.Cell.Index.CompareTo(b.Cell.Index));
        // Over the whole plan, so that every pair is taken the same way round.
        var order = cells.Select(c => BackendOf(c.Cell)).Distinct(StringComparer.Ordinal).ToList();
        List<BackendRatio> ratios = [];
        var (alone, unlike) = (0, 0);
        foreach (var place in cells.GroupBy(c => Place(c.Cell)))
        {
            var there = place.OrderBy(c => order.IndexOf(BackendOf(c.Cell))).ToList();
            alone += there.Count == 1 ? 1 : 0;
            foreach (var to in there.Skip(1))
            {
                for (var v = 0; v < to.Cell.Labels.Count; v++)
                {
                    if (there[0].IsLike(to, v))
                    {
                        ratios.Add(new(there[0].Cell, to.Cell, to.Cell.Labels[v], Ratio(there[0].Logs[v], to.Logs[v])));
                    }
                    else
                    {
                        unlike++;
                    }
                }
            }
        }

        return new(ratios, [.. Canaries(ratios, canaries)], alone, unlike, tooMany: false);
    }

    private IEnumerable<BackendCanaries> Canaries(List<BackendRatio> ratios, IReadOnlyList<CanaryRecord> canaries)
    {
        var of = canaries.ToLookup(c => environments.GetValueOrDefault(c.Fingerprint, ""), StringComparer.Ordinal);
        foreach (var (from, to) in ratios.Select(r => (r.FromBackend, r.ToBackend)).Distinct())
        {
            var shared = of[from].Select(c => c.Device).Intersect(of[to].Select(c => c.Device)).ToHashSet();
            if (shared.Count > 0)
            {
                yield return new(from, to, Slowing(c => c.GemmFlopsPerSecond), Slowing(c => c.TriadBytesPerSecond));
            }

            // Rates the other way round are times.
            Interval Slowing(Func<CanaryRecord, double?> rate) =>
                Ratio(
                    RunDrift.Logs(of[to].Where(c => shared.Contains(c.Device)), rate),
                    RunDrift.Logs(of[from].Where(c => shared.Contains(c.Device)), rate)
                );
        }
    }

    internal static string BackendOf(CellResult cell) =>
        cell.Point.TryGetValue(Axis, out var backend) ? backend.Canonical : "";

    /// <summary>All but the backend: axes with their values, and the variants.</summary>
    private static string Place(CellResult cell) =>
        string.Join(
            '\n',
            cell.Point.Where(p => !string.Equals(p.Key, Axis, StringComparison.Ordinal))
                .OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => $"{p.Key}={p.Value.Canonical}")
                .Concat(cell.Labels)
        );

    private static Interval Ratio(double[] from, double[] to)
    {
        var (value, low, high, launches) = Shift.Estimate(from, to);
        // Launches alike to the last bit are copies, or a clock too coarse: their spread of zero bounds nothing.
        return AllAlike(from) || AllAlike(to)
            ? new(Math.Exp(value), 0, double.PositiveInfinity, launches)
            : new(Math.Exp(value), Math.Exp(low), Math.Exp(high), launches);
    }

    private static bool AllAlike(double[] logs) => logs.Length > 1 && Array.TrueForAll(logs, l => l == logs[0]);

    /// <param name="Logs">[variant][launch]: log of the median seconds of one iteration; launches without one are left out.</param>
    /// <param name="Parameters">[variant]; null where no launch told.</param>
    /// <param name="ByDevice">Timed by the device's own events.</param>
    private sealed record Timed(CellResult Cell, double[][] Logs, long?[] Parameters, bool ByDevice)
    {
        public static Timed Of(CellResult cell, IReadOnlyList<LaunchRecord> launches, AnalysisRule rule)
        {
            var timed = launches.Where(l => l.Kind == LaunchKind.Time).ToList();
            var logs = RunComparison.Logs(cell.Labels.Count, timed, rule.Exclusions);
            var facts = timed.SelectMany(l => l.Variants).ToLookup(f => f.Label, StringComparer.Ordinal);
            return new(
                cell,
                [.. logs.Select(l => l.OfType<double>().ToArray())],
                [.. cell.Labels.Select(label => facts[label].FirstOrDefault()?.ParameterCount)],
                timed.Any(l => l.Samples.Any(s => s.DeviceNanoseconds is not null))
            );
        }

        public bool IsLike(Timed other, int variant) =>
            Parameters[variant] == other.Parameters[variant]
            && ByDevice == other.ByDevice
            && Logs[variant].Length > 0
            && other.Logs[variant].Length > 0;
    }
}
