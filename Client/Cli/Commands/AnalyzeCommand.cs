using System.CommandLine;
using System.Text.Json;
using Layerbench.Cli.Remote;
using Layerbench.Cli.Sweeping;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;

namespace Layerbench.Cli.Commands;

/// <summary>Computes everything anew from the stored samples, under the sweep's rule or another.</summary>
internal static class AnalyzeCommand
{
    private const string NoExclusions = "no-exclusions";

    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "An output folder of `run`, or a sweep: its id, enough of it, or its name.",
        };
        var margin = SharedOptions.Share("--margin", "Differences up to this do not matter, e.g. 2%.", 0, 1);
        var fdr = SharedOptions.Share("--fdr", "False discovery rate over the grid, e.g. 5%.", 0.0001, 0.5);
        var rule = new Option<string>("--rule")
        {
            Description = "What is done with blocks that were preempted: exclusions (set aside) or no-exclusions.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "exclusions",
        };
        rule.AcceptOnlyFromAmong("exclusions", NoExclusions);
        var sweep = SharedOptions.Sweep();
        var json = new Option<bool>("--json")
        {
            Description = "Print JSON: an object per cell and line, then the summary.",
        };
        var server = new ServerOptions();
        var command = new DocumentedCommand(
            "analyze",
            "Compute verdicts anew from the stored samples, also under another margin or rule.",
            "layerbench analyze results/quickstart",
            "layerbench analyze results/quickstart --margin 5% --rule no-exclusions",
            "layerbench analyze quickstart --margin 5% --server http://127.0.0.1:8080",
            "layerbench analyze results/quickstart --json | tail -1 | jq .false_positives"
        )
        {
            folder,
            margin,
            fdr,
            rule,
            sweep,
            json,
        };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                await using var run = await NamedRun.OpenAsync(
                    parsed.GetValue(folder)!,
                    parsed.GetValue(sweep),
                    server,
                    parsed,
                    time,
                    cancellation
                );
                var usual = new VerdictRule();
                var by = Answer.RuleOf(run.Sweep) with
                {
                    Exclusions = parsed.GetValue(rule) != NoExclusions,
                    Verdict = new VerdictRule
                    {
                        Margin = parsed.GetValue(margin) ?? usual.Margin,
                        FalseDiscoveryRate = parsed.GetValue(fdr) ?? usual.FalseDiscoveryRate,
                    },
                };
                await run.WriteNotesAsync(terminal, withStanding: parsed.GetValue(json));
                if (parsed.GetValue(json))
                {
                    await WriteJsonAsync(run.Results, run.Sweep, by, cancellation);
                }
                else
                {
                    await Answer.WriteStandingAsync(terminal, run.Standing);
                    await Answer.WriteAsync(terminal, run.Results, run.Sweep, Answer.ShownCells, cancellation, by);
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task WriteJsonAsync(
        IResultReader store,
        SweepRecord sweep,
        AnalysisRule rule,
        CancellationToken cancellation
    )
    {
        await using var output = Console.OpenStandardOutput();
        await using var buffered = new BufferedStream(output);
        var conclusion = await ResultRows.ConcludeAsync(store, sweep.Id, rule, cancellation);
        await foreach (var rows in ResultRows.ReadAsync(store, sweep.Id, rule, conclusion, cancellation))
        {
            await ResultsJson.WriteCellAsync(buffered, sweep.Id, rows, cancellation);
        }

        var scaling = await Answer.ScalingAsync(store, sweep, rule, cancellation);
        var drift = Canaries.Summary(await store.CanariesAsync(sweep.Id, cancellation));
        await using (var json = new Utf8JsonWriter(buffered))
        {
            SummaryJson.Write(json, sweep.Id, conclusion, rule, scaling, drift);
        }

        await buffered.WriteAsync("\n"u8.ToArray(), cancellation);
    }
}
