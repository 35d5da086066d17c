using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Report.Words;
using Layerbench.SweepFiles;

namespace Layerbench.Report.Data;

/// <summary>From a store to what a report shows, in one pass: estimating ten thousand cells twice takes too long.</summary>
public static class ReportReader
{
    /// <summary>Cells that a report shows one by one; sentences are over all.</summary>
    public const int MostCells = 20_000;

    /// <summary>Cells with all their samples that are in memory at once.</summary>
    private const int AtOnce = 40;

    /// <param name="rule">The one that the sweep was measured for, or another.</param>
    /// <param name="command">What to type for the same again.</param>
    /// <exception cref="Engine.Stores.StoreException">The store cannot be read.</exception>
    public static async Task<ReportData> ReadAsync(
        IResultReader store,
        SweepRecord sweep,
        AnalysisRule rule,
        string command,
        CancellationToken cancellation = default
    )
    {
        var reading = new Reading(rule, SweepFile.ListedAxesOf(sweep.Spec));
        var cells = store
            .MeasuredAsync(sweep.Id, cancellation)
            .SelectBesideAsync(m => SeenCell.Of(m, rule), AtOnce, cancellation);
        await foreach (var cell in cells)
        {
            reading.See(cell);
        }

        var canaries = await store.CanariesAsync(sweep.Id, cancellation);
        var environments = await store.FingerprintsAsync(sweep.Id, cancellation);
        return reading.Conclude(sweep, canaries, environments, command);
    }

    /// <summary>A cell with what takes longest of it, and needs no other cell.</summary>
    private sealed record SeenCell(MeasuredCell Cell, CellFindings Findings, CellWork? Work, LaunchDigest[] Digests)
    {
        public static SeenCell Of(MeasuredCell measured, AnalysisRule rule)
        {
            var (cell, launches) = measured;
            var findings = CellAnalysis.Of(cell.Labels, cell.Baseline, launches, rule);
            return new(
                measured,
                findings,
                CellWork.Of(cell, findings.Estimate, launches),
                KeptLaunches.Digests(cell, launches, rule)
            );
        }
    }

    /// <summary>All analyses side by side, and what is kept of the cells.</summary>
    private sealed class Reading(AnalysisRule rule, IReadOnlyList<string> listed)
    {
        private readonly SweepTally sweepTally = new(rule);
        private readonly ScalingAnalysis scaling = new(listed, rule);
        private readonly AnswerTally tally = new();
        private readonly TrustTally trust = new(rule.Verdict);
        private readonly SeenAxes axes = new(listed);
        private readonly KeptLaunches launchesOf = new();
        private readonly List<(CellResult Cell, CellFindings Findings, IReadOnlyList<LaunchRecord> Facts)> kept = [];
        private readonly OrderedDictionary<string, bool> labels = new(StringComparer.Ordinal);
        private long count;

        public void See(SeenCell seen)
        {
            var ((cell, launches), findings, work, digests) = seen;
            sweepTally.See(cell, findings, launches);
            scaling.See(cell, findings, launches);
            tally.See(cell, findings);
            axes.See(cell.Point, findings.Control == ControlKind.None);
            trust.See(cell, work);
            count++;
            if (kept.Count == MostCells)
            {
                return;
            }

            foreach (var label in cell.Labels)
            {
                labels[label] = true;
            }

            launchesOf.Add(digests);
            kept.Add((cell, findings, [.. launches.Select(l => l with { Samples = [] })]));
        }

        public ReportData Conclude(
            SweepRecord sweep,
            IReadOnlyList<CanaryRecord> canaries,
            IReadOnlyList<Fingerprint> environments,
            string command
        )
        {
            var conclusion = sweepTally.Conclude(canaries);
            var learnt = conclusion.Quality;
            var crossings = scaling.Conclude();
            var summary = conclusion.Verdicts.Summary;
            var conditions = Conditions.Of(canaries, environments);
            var cells = Cells(conclusion, conditions.Peaks);
            var varying = axes.All.Where(a => a.Varies).Select(a => a.Name).ToList();
            return new ReportData
            {
                Title = sweep.Name,
                Question = SweepFile.QuestionOf(sweep.Spec),
                Sweep = sweep.Id.Value,
                Answers = AnswerText.Sentences(
                    tally.Judge((index, label) => conclusion.Verdicts.Of(index, label)?.Verdict),
                    summary,
                    crossings,
                    learnt,
                    varying
                ),
                Trust = trust.Judge(summary, tally.Noise, conditions, trained: learnt.Groups.Count > 0),
                Axes = axes.All,
                Labels = [.. labels.Keys],
                Cells = cells,
                CellCount = count,
                Detail = launchesOf.Detail,
                Rule = rule.Verdict,
                Crossovers = crossings.Crossovers,
                Peaks = conditions.Peaks,
                Canaries = canaries,
                Quality = learnt.Groups,
                Environments = [.. environments.Select(e => new ReportEnvironment(e))],
                Specs = [new ReportSpec(sweep.Spec)],
                Command = command,
                ProductVersion = sweep.ProductVersion,
                CreatedAt = sweep.CreatedAt,
            };
        }

        private List<ReportCell> Cells(
            SweepConclusion conclusion,
            IReadOnlyDictionary<FingerprintId, DevicePeak> peaks
        ) =>
            [
                .. kept.Select(
                    (k, i) =>
                        new ReportCell(
                            ResultRows.Of(k.Cell, k.Findings.Estimate, k.Facts, conclusion, peaks),
                            launchesOf[i]
                        )
                        {
                            Note = CellNotes.Of(k.Cell, k.Findings),
                            Curves = k.Facts.FirstOrDefault(l => l.Curves.Count > 0)?.Curves ?? [],
                        }
                ),
            ];
    }
}
