using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>
/// Gathers <see cref="SurveyFindings"/> cell by cell. Kept of a cell is its evidence and a few numbers; cells may be seen
/// in any order.
/// </summary>
public sealed class SweepSurvey(AnalysisRule rule)
{
    private readonly SweepAnalysis analysis = new(rule);
    private readonly List<(long Index, string Label, ControlKind Kind, string Node)> controls = [];
    private readonly Dictionary<string, (long Blocks, SetAside Aside)> blocks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<double>> noise = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<double>> ratios = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<double>> roofs = new(StringComparer.Ordinal);

    /// <param name="launches">The cell's that are not superseded.</param>
    /// <param name="node">That measured it.</param>
    /// <param name="peaks">What devices can do, by the fingerprint of time launches.</param>
    public void See(
        CellResult cell,
        IReadOnlyList<LaunchRecord> launches,
        string node,
        IReadOnlyDictionary<FingerprintId, DevicePeak> peaks
    )
    {
        var findings = analysis.See(cell, launches);
        if (findings.Blocks > 0)
        {
            var (before, aside) = blocks.GetValueOrDefault(node);
            blocks[node] = (before + findings.Blocks, aside + findings.SetAside);
        }

        if (findings.Estimate is not { TimeLaunches: > 0 } estimate)
        {
            return;
        }

        if (findings.Control != ControlKind.None)
        {
            controls.AddRange(
                findings
                    .Comparisons.Where(c => VerdictReach.Has(findings.Control, c.Evidence, rule))
                    .Select(c => (cell.Index, c.Label, findings.Control, node))
            );
        }

        var timed = launches.Where(l => l.Kind == LaunchKind.Time).ToList();
        if (SpreadOf(timed, cell) is { } spread)
        {
            Add(noise, node, spread);
        }

        if (findings.Control == ControlKind.None)
        {
            SeeVariants(cell, estimate, timed, peaks);
        }
    }

    /// <param name="canaries">The sweep's, by node.</param>
    public SurveyFindings Conclude(ILookup<string, CanaryRecord> canaries)
    {
        var verdicts = analysis.Conclude();
        var judged = controls.ToLookup(c => c.Node, c => (c.Kind, verdicts.Of(c.Index, c.Label)?.Verdict));
        return new SurveyFindings(
            verdicts.Summary.Variants,
            blocks
                .Keys.Union(canaries.Select(g => g.Key), StringComparer.Ordinal)
                .ToDictionary(n => n, n => TrustOf(n, [.. judged[n]], canaries[n]), StringComparer.Ordinal),
            Medians(ratios),
            Medians(roofs)
        );
    }

    private NodeTrust TrustOf(
        string node,
        IReadOnlyList<(ControlKind Kind, Verdict? Verdict)> judged,
        IEnumerable<CanaryRecord> canaries
    )
    {
        var same = judged.Where(j => j.Kind == ControlKind.Same).ToList();
        var slower = judged.Where(j => j.Kind == ControlKind.Slower).ToList();
        return new NodeTrust(
            Proportion.Of(same.Count(j => j.Verdict is Verdict.Faster or Verdict.Slower), same.Count),
            Proportion.Of(slower.Count(j => j.Verdict == Verdict.Slower), slower.Count),
            noise.TryGetValue(node, out var spreads) ? Quantiles.Median([.. spreads]) : null
        )
        {
            Blocks = blocks.GetValueOrDefault(node).Blocks,
            SetAside = blocks.GetValueOrDefault(node).Aside,
            Drift = Canaries.Summary(canaries),
        };
    }

    private void SeeVariants(
        CellResult cell,
        CellEstimate estimate,
        List<LaunchRecord> timed,
        IReadOnlyDictionary<FingerprintId, DevicePeak> peaks
    )
    {
        // The canary computes in float32: of another type it is no roof.
        var float32 = cell.Point.TryGetValue("dtype", out var dtype) && dtype.Canonical == "float32";
        DevicePeak? peak = float32 && peaks.TryGetValue(timed[0].Fingerprint, out var found) ? found : null;
        foreach (var variant in estimate.Variants)
        {
            if (variant.Ratio is { Value: var ratio } && double.IsFinite(ratio))
            {
                Add(ratios, variant.Label, ratio);
            }

            var facts = timed.SelectMany(l => l.Variants).FirstOrDefault(v => v.Label == variant.Label);
            if (Roofline.Of(facts?.Flops, facts?.Bytes, variant.Seconds.Value, peak) is { } roof)
            {
                Add(roofs, variant.Label, roof.Ratio);
            }
        }
    }

    private static double? SpreadOf(List<LaunchRecord> timed, CellResult cell)
    {
        var baseline = cell.Labels.ToList().IndexOf(cell.Baseline);
        double[] logs =
        [
            .. timed
                .Select(l => LaunchSummary.Of(l, cell.Labels.Count, baseline).LogSeconds[baseline])
                .OfType<double>(),
        ];
        if (logs.Length < 2)
        {
            return null;
        }

        var mean = logs.Average();
        return Math.Sqrt(logs.Sum(l => (l - mean) * (l - mean)) / (logs.Length - 1));
    }

    private static Dictionary<string, double> Medians(Dictionary<string, List<double>> values) =>
        values.ToDictionary(v => v.Key, v => Quantiles.Median([.. v.Value]), StringComparer.Ordinal);

    private static void Add(Dictionary<string, List<double>> to, string key, double value)
    {
        if (!to.TryGetValue(key, out var list))
        {
            to[key] = list = [];
        }

        list.Add(value);
    }
}
