using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>
/// A sweep's verdicts, in two steps: every cell is seen, then judged against all the others. The order in which cells
/// are seen changes nothing. Kept of a cell is only its evidence, about 100 bytes a comparison.
/// </summary>
/// <remarks>
/// Two families are corrected separately: the grid's comparisons, and the controls'. Controls must not change what is
/// said of the grid, and are judged by the same margin and false discovery rate as it.
/// </remarks>
public sealed class SweepAnalysis(AnalysisRule rule)
{
    private readonly List<(long Index, int Place, Comparison Comparison)> grid = [];
    private readonly List<(long Index, int Place, Comparison Comparison, ControlKind Control)> controls = [];
    private readonly HeadlineFamily headlines = new(rule.Headlines);
    private long cells;
    private long unconverged;
    private long unsteady;
    private long problems;
    private long measured;
    private long blocks;
    private long excludedBlocks;
    private MemorySpread memory;

    public AnalysisRule Rule { get; } = rule;

    /// <param name="launches">The cell's that are not superseded.</param>
    public CellFindings See(CellResult cell, IReadOnlyList<LaunchRecord> launches)
    {
        var findings = CellAnalysis.Of(cell.Labels, cell.Baseline, launches, Rule);
        See(cell, findings);
        return findings;
    }

    /// <param name="findings">Of the cell, by the same rule.</param>
    public void See(CellResult cell, CellFindings findings)
    {
        cells++;
        unconverged += cell.Outcome is Outcome.Unconverged ? 1 : 0;
        measured += findings.Estimate is { TimeLaunches: > 0 } ? 1 : 0;
        unsteady += findings.Estimate is { TimeLaunches: > 0, Steady: false } ? 1 : 0;
        problems += findings.Problem is null ? 0 : 1;
        blocks += findings.Blocks;
        excludedBlocks += findings.SetAside.All;
        memory = memory.With(findings.Estimate);
        headlines.See(cell, findings);
        for (var place = 0; place < findings.Comparisons.Count; place++)
        {
            if (findings.Control == ControlKind.None)
            {
                grid.Add((cell.Index, place, findings.Comparisons[place]));
            }
            else
            {
                controls.Add((cell.Index, place, findings.Comparisons[place], findings.Control));
            }
        }
    }

    public SweepVerdicts Conclude()
    {
        // By place in the plan, so that ties among p-values fall the same way whatever order the store is read in.
        grid.Sort((a, b) => (a.Index, a.Place).CompareTo((b.Index, b.Place)));
        controls.Sort((a, b) => (a.Index, a.Place).CompareTo((b.Index, b.Place)));
        var judged = Verdicts.Over([.. grid.Select(g => g.Comparison.Evidence)], Rule.Verdict);
        var controlled = Verdicts.Over([.. controls.Select(c => c.Comparison.Evidence)], Rule.Verdict);
        var byPlace = new Dictionary<(long, string), Judgement>(grid.Count + controls.Count);
        var counts = new SortedDictionary<string, VerdictCounts>(StringComparer.Ordinal);
        for (var i = 0; i < grid.Count; i++)
        {
            var label = grid[i].Comparison.Label;
            byPlace[(grid[i].Index, label)] = judged[i];
            counts[label] = counts.GetValueOrDefault(label).With(judged[i].Verdict);
        }

        for (var i = 0; i < controls.Count; i++)
        {
            byPlace[(controls[i].Index, controls[i].Comparison.Label)] = controlled[i];
        }

        var verdicts = controls
            .Zip(controlled, (c, j) => (c.Control, c.Comparison.Evidence, j.Verdict))
            .Where(c => VerdictReach.Has(c.Control, c.Evidence, Rule))
            .ToList();
        var same = verdicts.Where(v => v.Control == ControlKind.Same).ToList();
        var slower = verdicts.Where(v => v.Control == ControlKind.Slower).ToList();
        var summary = new AnalysisSummary(
            cells,
            measured,
            counts,
            Proportion.Of(same.Count(v => v.Verdict is Verdict.Faster or Verdict.Slower), same.Count),
            Proportion.Of(slower.Count(v => v.Verdict == Verdict.Slower), slower.Count),
            Proportion.Of(excludedBlocks, blocks),
            unsteady,
            unconverged,
            problems,
            headlines.Judge(Rule.Verdict),
            memory
        )
        {
            Reach = Reach(),
        };
        return new SweepVerdicts(byPlace, summary);
    }

    private VerdictReach Reach()
    {
        var within = controls.Count(c => VerdictReach.IsWithinMargin(c.Control, Rule));
        return new VerdictReach(
            grid.Count,
            grid.Count(g => !Verdicts.CanJudge(g.Comparison.Evidence)),
            controls.Count(c => !VerdictReach.Has(c.Control, c.Comparison.Evidence, Rule)) - within,
            within,
            Rule.ControlEffect
        );
    }
}

/// <summary>Every comparison's judgement, and what they say together.</summary>
public sealed class SweepVerdicts
{
    private readonly Dictionary<(long Index, string Label), Judgement> judgements;

    internal SweepVerdicts(Dictionary<(long, string), Judgement> judgements, AnalysisSummary summary)
    {
        this.judgements = judgements;
        Summary = summary;
    }

    public AnalysisSummary Summary { get; }

    /// <summary>Null for the baseline, for what was not measured, and for a cell that was not seen.</summary>
    public Judgement? Of(CellResult cell, string label) => Of(cell.Index, label);

    /// <param name="index">The cell's place in the plan.</param>
    /// <inheritdoc cref="Of(CellResult, string)"/>
    public Judgement? Of(long index, string label) =>
        judgements.TryGetValue((index, label), out var judgement) ? judgement : null;
}

/// <summary>How one variant's cells were judged.</summary>
public readonly record struct VerdictCounts(long Faster, long Slower, long Equivalent, long Inconclusive)
{
    public long All => Faster + Slower + Equivalent + Inconclusive;

    public VerdictCounts With(Verdict verdict) =>
        verdict switch
        {
            Verdict.Faster => this with { Faster = Faster + 1 },
            Verdict.Slower => this with { Slower = Slower + 1 },
            Verdict.Equivalent => this with { Equivalent = Equivalent + 1 },
            Verdict.Inconclusive => this with { Inconclusive = Inconclusive + 1 },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}

/// <summary>What a sweep's verdicts say together, and how far they can be believed.</summary>
/// <param name="Cells">Seen, controls included.</param>
/// <param name="Measured">Of these, with times.</param>
/// <param name="Variants">The grid's verdicts by label; controls are not in it.</param>
/// <param name="FalsePositives">Controls of identical code that were judged Faster or Slower, of those that can be judged.</param>
/// <param name="Power">Controls with extra work that were judged Slower, likewise: see <see cref="Reach"/>.</param>
/// <param name="Excluded">Blocks set aside on outside evidence.</param>
/// <param name="Unsteady">Cells of which some warm-up ended at its cap.</param>
/// <param name="Problems">Cells whose stored launches say nothing, with a reason.</param>
/// <param name="Memory">Whether peak memory repeats from launch to launch.</param>
/// <param name="Headlines">The comparisons that the sweep names, in its order, then by place in the plan.</param>
public sealed record AnalysisSummary(
    long Cells,
    long Measured,
    IReadOnlyDictionary<string, VerdictCounts> Variants,
    Proportion FalsePositives,
    Proportion Power,
    Proportion Excluded,
    long Unsteady,
    long Unconverged,
    long Problems,
    IReadOnlyList<HeadlineFinding> Headlines,
    MemorySpread Memory = default
)
{
    /// <summary>What could not be judged at all.</summary>
    public VerdictReach Reach { get; init; }
}
