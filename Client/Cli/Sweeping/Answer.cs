using Layerbench.Cli.Views;
using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Backends;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.SweepFiles;
using Spectre.Console;

namespace Layerbench.Cli.Sweeping;

/// <summary>What a store's sweep says: the table, and what must be known to read it.</summary>
internal static class Answer
{
    /// <summary>Cells shown after a run; a table longer than that is read from a file.</summary>
    public const int ShownCells = 50;

    /// <summary>Reads cell by cell; what is not shown is not kept.</summary>
    /// <param name="rule">Null: the one that the sweep was measured for.</param>
    public static async Task WriteAsync(
        Terminal terminal,
        IResultReader store,
        SweepRecord sweep,
        int shownCells,
        CancellationToken cancellation,
        AnalysisRule? rule = null
    )
    {
        var table = new ResultTable(shownCells);
        var analysis = new SweepAnalysis(rule ?? RuleOf(sweep));
        var quality = new QualityAnalysis();
        var scaling = Scaling(sweep, analysis.Rule);
        var epochs = new EpochView(shownCells);
        var matched = new MatchedView();
        var backends = new BackendAnalysis(analysis.Rule);
        await foreach (var (cell, launches) in store.MeasuredAsync(sweep.Id, cancellation))
        {
            var findings = analysis.See(cell, launches);
            quality.See(cell, launches);
            table.See(cell, findings, trained: launches.Any(l => l.Trainings.Count > 0));
            scaling.See(cell, findings, launches);
            epochs.See(cell, findings, launches);
            matched.See(cell, launches);
            backends.See(cell, findings, launches);
        }

        table.Judge(analysis.Conclude(), analysis.Rule, quality.Conclude());

        if (table.Cells == 0)
        {
            var begun = await store.LaunchCountAsync(sweep.Id, cancellation);
            await terminal.Output.WriteLineAsync(
                begun == 0
                    ? $"{sweep.Id}: nothing has been measured yet"
                    : $"{sweep.Id}: no cell has ended yet; {Units.Count(begun, "launch", "launches")} of cells are kept, and the next run goes on from them"
            );
            return;
        }

        // First of all: who has read the ratios does not read on to what they are worth.
        foreach (var warning in EnvironmentText.Warnings(await store.FingerprintsAsync(sweep.Id, cancellation)))
        {
            terminal.Write(new Text(OwnName.In(warning)));
        }

        terminal.Write(table.Draw());
        foreach (var line in table.Lines().Concat(matched.Lines()).Concat(epochs.Lines()))
        {
            terminal.Write(new Text(line));
        }

        var canaries = await store.CanariesAsync(sweep.Id, cancellation);
        if (Canaries.Summary(canaries) is { } drift)
        {
            terminal.Write(new Text(VerdictText.Drift(drift)));
        }

        foreach (var part in BackendView.Draw(backends.Conclude(canaries)).Concat(ScalingView.Draw(scaling.Conclude())))
        {
            terminal.Write(part);
        }
    }

    /// <summary>Above the table, of a sweep that is not finished.</summary>
    /// <param name="standing">Null: nothing is to be said.</param>
    public static Task WriteStandingAsync(Terminal terminal, string? standing) =>
        standing is null ? Task.CompletedTask : terminal.Output.WriteLineAsync(OwnName.In(standing));

    /// <summary>What a store's sweep says along its axes.</summary>
    public static async Task<ScalingReport> ScalingAsync(
        IResultReader store,
        SweepRecord sweep,
        AnalysisRule rule,
        CancellationToken cancellation
    )
    {
        var scaling = Scaling(sweep, rule);
        await foreach (var (cell, launches) in store.MeasuredAsync(sweep.Id, cancellation))
        {
            scaling.See(cell, CellAnalysis.Of(cell.Labels, cell.Baseline, launches, rule), launches);
        }

        return scaling.Conclude();
    }

    private static ScalingAnalysis Scaling(SweepRecord sweep, AnalysisRule rule) =>
        new(SweepFile.ListedAxesOf(sweep.Spec), rule);

    /// <summary>The rule that the sweep was measured for.</summary>
    public static AnalysisRule RuleOf(SweepRecord sweep) => SweepFile.RuleOf(sweep.Spec);
}
