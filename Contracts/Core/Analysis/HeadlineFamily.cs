using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Analysis;

/// <summary>One comparison that the sweep names.</summary>
/// <param name="Cell">Null, as what follows it, where no measured cell is meant.</param>
/// <param name="Judgement">With the p-value corrected by Holm over all that the sweep names.</param>
public sealed record HeadlineFinding(
    string Name,
    CellResult? Cell,
    string? Label,
    Interval? Ratio,
    Judgement? Judgement
);

/// <summary>The comparisons that a sweep names, as a family of their own beside the grid, of which they stay a part.</summary>
internal sealed class HeadlineFamily(IReadOnlyList<HeadlineSpec> specs)
{
    private readonly List<(int Spec, CellResult Cell, int Place, Comparison Comparison)> seen = [];

    public void See(CellResult cell, CellFindings findings)
    {
        for (var spec = 0; spec < specs.Count && findings.Control == ControlKind.None; spec++)
        {
            if (findings.Comparisons.Count > 0 && specs[spec].Means(cell.Point))
            {
                var at = spec;
                seen.AddRange(
                    findings
                        .Comparisons.Select((c, place) => (at, cell, place, c))
                        .Where(c => specs[at].Means(c.c.Label))
                );
            }
        }
    }

    public IReadOnlyList<HeadlineFinding> Judge(VerdictRule rule)
    {
        seen.Sort((a, b) => (a.Spec, a.Cell.Index, a.Place).CompareTo((b.Spec, b.Cell.Index, b.Place)));
        var judged = Verdicts.OverNamed([.. seen.Select(s => s.Comparison.Evidence)], rule);
        return
        [
            .. specs.SelectMany(
                (spec, at) =>
                {
                    HeadlineFinding[] mine =
                    [
                        .. seen.Zip(judged)
                            .Where(f => f.First.Spec == at)
                            .Select(f => new HeadlineFinding(
                                spec.Name,
                                f.First.Cell,
                                f.First.Comparison.Label,
                                f.First.Comparison.Evidence.Ratio,
                                f.Second
                            )),
                    ];
                    return mine.Length > 0 ? mine : [new HeadlineFinding(spec.Name, null, null, null, null)];
                }
            ),
        ];
    }
}
