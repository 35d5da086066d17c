using System.Text.Json;
using Layerbench.Cli.Doctor;
using Layerbench.Cli.Views;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.Report.Data;
using Layerbench.Report.Page;

namespace Layerbench.Cli.Sweeping;

/// <summary>What reports are made of, for a folder and for two of them.</summary>
internal static class RunReport
{
    public const string FileName = "report.html";

    /// <exception cref="Engine.Stores.StoreException">The file cannot be written.</exception>
    public static Task WritePageAsync(string file, ReportData data, CancellationToken cancellation) =>
        AtomicFile.WriteAsync(file, stream => ReportPage.WriteAsync(stream, data, assets: null, cancellation));

    public static Task<ReportData> ReadAsync(
        string folder,
        IResultReader store,
        SweepRecord sweep,
        string? command,
        CancellationToken cancellation
    ) =>
        ReportReader.ReadAsync(
            store,
            sweep,
            Answer.RuleOf(sweep),
            command ?? StoredCommand(folder, sweep.Id) ?? $"{OwnName.Value} run --resume {folder}",
            cancellation
        );

    /// <param name="server">With which its server is found, each option after a space.</param>
    public static async Task<ReportData> ReadAsync(NamedRun run, string server, CancellationToken cancellation)
    {
        var data = run.Folder is { } folder
            ? await ReadAsync(folder, run.Results, run.Sweep, command: null, cancellation)
            : await ReportReader.ReadAsync(
                run.Results,
                run.Sweep,
                Answer.RuleOf(run.Sweep),
                $"{OwnName.Value} submit {run.Sweep.Name}.yaml{server}",
                cancellation
            );
        return data with { Standing = run.Standing is { } standing ? OwnName.In(standing) : null };
    }

    /// <param name="command">What was typed.</param>
    public static ReportData Of(RunStore before, RunStore after, ComparedRuns compared, string command) =>
        ComparisonReport.Of(
            [.. compared.Changes.Select(c => new ComparedCell(c.Cell, c.Label, c.Ratio, c.Judgement))],
            new ComparisonFrame(
                $"{after.Sweep.Name}: {after.Folder} ÷ {before.Folder}",
                before.Sweep.Id == after.Sweep.Id ? after.Sweep.Id.Value : $"{before.Sweep.Id}, {after.Sweep.Id}",
                after.Sweep.Spec,
                compared.Rule,
                [.. CompareView.Lines(compared)],
                command,
                Edition.Version(typeof(RunReport).Assembly),
                after.Sweep.CreatedAt
            )
            {
                Environments = ReportEnvironment.Of(before.Environments, after.Environments),
                Specs = ReportSpec.Of(before.Sweep.Spec, after.Sweep.Spec),
                Learnt = LearntOf(compared),
            }
        );

    private static ReportTable? LearntOf(ComparedRuns compared)
    {
        if (compared.Learnt.Count == 0)
        {
            return null;
        }

        var view = new ComparedLearntView(compared.Learnt);
        return new ReportTable(
            "What both runs learnt",
            $"Described, not judged; {LearntText.Claim}.",
            [.. view.Headers],
            [.. view.Rows.Select(row => row.ToList())]
        );
    }

    /// <summary>The command line that measured the sweep; null where the folder does not tell it any more.</summary>
    private static string? StoredCommand(string folder, SweepId sweep)
    {
        try
        {
            using var stream = File.OpenRead(Path.Combine(folder, DerivedFiles.EnvironmentName));
            using var document = JsonDocument.Parse(stream);
            return
                document.RootElement.TryGetProperty("sweep", out var of)
                && of.GetString() == sweep.Value
                && document.RootElement.TryGetProperty("command", out var command)
                ? command.GetString()
                : null;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null; // A derived file, which may have been deleted or edited: the report says less.
        }
    }
}
