using System.CommandLine;
using Layerbench.Cli.Sweeping;
using Layerbench.Cli.Views;
using Layerbench.Core.Statistics;

namespace Layerbench.Cli.Commands;

/// <summary>Two runs, cell by cell: did anything become slower?</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal)
    {
        var before = new Argument<string>("A") { Description = "The output folder of the run to compare with." };
        var after = new Argument<string>("B") { Description = "The output folder of the run in question." };
        var margin = SharedOptions.Share("--margin", "Differences up to this do not matter, e.g. 2%.", 0, 1);
        var crossEnvironment = new Option<bool>("--cross-env")
        {
            Description = "Compare runs of different machines or settings: ratios only, no verdicts, exit code 4.",
        };
        var markdown = new Option<bool>("--markdown") { Description = "Print a Markdown table, for a pull request." };
        var command = new DocumentedCommand(
            "compare",
            "Compare the same variants' times in two runs; exit code 0: none slower, 1: some slower, 4: inconclusive.",
            "layerbench compare results/main results/branch",
            "layerbench compare results/main results/branch --margin 5% --markdown > comment.md"
        )
        {
            before,
            after,
            margin,
            crossEnvironment,
            markdown,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var rule = new VerdictRule { Margin = parsed.GetValue(margin) ?? new VerdictRule().Margin };
                var compared = await ComparedRuns.ReadAsync(
                    parsed.GetValue(before)!,
                    parsed.GetValue(after)!,
                    rule,
                    parsed.GetValue(crossEnvironment),
                    cancellation
                );
                await terminal.Output.WriteAsync(
                    parsed.GetValue(markdown)
                        ? CompareView.Markdown(compared)
                        : Terminal.Text(CompareView.Draw(compared), Terminal.Unfolded, colour: false)
                            + string.Concat(CompareView.Lines(compared).Select(l => l + "\n"))
                );
                return Code(compared);
            }
        );
        return command;
    }

    private static int Code(ComparedRuns compared) =>
        compared.Changes.Any(c => c.Judgement?.Verdict == Verdict.Slower) ? ExitCode.SomeSlower
        : compared.Changes.Any(c => c.Judgement?.Verdict is null or Verdict.Inconclusive) ? ExitCode.Inconclusive
        : ExitCode.Done;
}
