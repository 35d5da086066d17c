using System.CommandLine;
using Layerbench.Cli.Sweeping;
using Layerbench.Cli.Views;
using Layerbench.Core.Statistics;

namespace Layerbench.Cli.Commands;

/// <summary>Two runs, cell by cell: did anything become slower?</summary>
internal static class CompareCommand
{
    /// <summary>Of the margin: how narrow a cell's interval becomes before a rerun is done with it.</summary>
    private const double TargetOfMargin = 0.5;

    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var before = new Argument<string>("A") { Description = "The output folder of the run to compare with." };
        var after = new Argument<string>("B") { Description = "The output folder of the run in question." };
        var margin = SharedOptions.Share("--margin", "Differences up to this do not matter; 5% if not given.", 0, 1);
        var rerun = new Option<bool>("--rerun-inconclusive")
        {
            Description = "Measure inconclusive cells again, a launch of A beside one of B; keeps them in B's folder.",
        };
        var python = SharedOptions.Python();
        var crossEnvironment = new Option<bool>("--cross-env")
        {
            Description = "Compare runs of different machines or settings: ratios only, no verdicts, exit code 4.",
        };
        var markdown = new Option<bool>("--markdown") { Description = "Print a Markdown table, for a pull request." };
        var command = new DocumentedCommand(
            "compare",
            "Compare the same variants' times in two runs. Exit code 0: all equivalent or faster, 1: some slower, 4: inconclusive.",
            "layerbench compare results/main results/branch",
            "layerbench compare results/main results/branch --rerun-inconclusive",
            "layerbench compare results/main results/branch --margin 10% --markdown > comment.md"
        )
        {
            before,
            after,
            margin,
            rerun,
            python,
            crossEnvironment,
            markdown,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var across = parsed.GetValue(crossEnvironment);
                if (across && parsed.GetValue(rerun))
                {
                    throw new BadInputException(
                        "--rerun-inconclusive and --cross-env: what was measured elsewhere cannot be measured here again; leave out one of them"
                    );
                }

                await using var a = await RunStore.OpenAsync(parsed.GetValue(before)!, cancellation);
                await using var b = await RunStore.OpenAsync(parsed.GetValue(after)!, cancellation);
                var rule = new VerdictRule { Margin = parsed.GetValue(margin) ?? ComparedRuns.UsualMargin };
                var compared = await ComparedRuns.ReadAsync(a, b, rule, across, cancellation);
                var interrupted = false;
                if (parsed.GetValue(rerun) && compared.Inconclusive.Count > 0)
                {
                    interrupted = await RerunAsync(terminal, time, a, b, parsed.GetValue(python), compared);
                    compared = await ComparedRuns.ReadAsync(a, b, rule, across, cancellation);
                }

                await terminal.Output.WriteAsync(
                    parsed.GetValue(markdown)
                        ? CompareView.Markdown(compared)
                        : Terminal.Text(CompareView.Draw(compared), Terminal.Unfolded, colour: false)
                            + string.Concat(CompareView.Lines(compared).Select(l => l + "\n"))
                );
                return interrupted ? ExitCode.Interrupted : Code(compared);
            }
        );
        return command;
    }

    /// <summary>Whether it was interrupted; what was measured until then is kept.</summary>
    private static async Task<bool> RerunAsync(
        Terminal terminal,
        TimeProvider time,
        RunStore a,
        RunStore b,
        string? python,
        ComparedRuns compared
    )
    {
        using var signals = new StopSignals(terminal.Error.WriteLine);
        try
        {
            await new Rerun(a, b, python, time, terminal.Error.WriteLine).RunAsync(
                compared.Inconclusive,
                compared.Rule.Margin * TargetOfMargin,
                signals
            );
        }
        catch (OperationCanceledException) when (signals.Kill.IsCancellationRequested)
        {
            // Killed while it still looked for workers.
        }

        return signals.Stop.IsCancellationRequested;
    }

    // What was learnt is described only: with nothing else, nothing is known.
    private static int Code(ComparedRuns compared) =>
        compared.Changes.Count == 0 ? ExitCode.Inconclusive
        : compared.Changes.Any(c => c.Judgement?.Verdict == Verdict.Slower) ? ExitCode.SomeSlower
        : compared.Changes.Any(c => c.Judgement?.Verdict is null or Verdict.Inconclusive) ? ExitCode.Inconclusive
        : ExitCode.Done;
}
