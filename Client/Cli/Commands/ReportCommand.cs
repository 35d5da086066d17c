using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Layerbench.Cli.Remote;
using Layerbench.Cli.Sweeping;
using Layerbench.Core.Statistics;
using Layerbench.Report.Data;
using Layerbench.Report.Markdown;
using Layerbench.Report.Pictures;

namespace Layerbench.Cli.Commands;

/// <summary>A run, or two of them, as a page to look at, as Markdown or as a picture.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var folder = new Argument<string?>("DIR")
        {
            Description =
                "An output folder of `run`, or a sweep: its id, enough of it, or its name; not with --compare.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--out", "-o")
        {
            Description =
                "Where the page goes; DIR/report.html if not given, of two runs compare.html, of a server's sweep ID.html here.",
            HelpName = "FILE",
        };
        var open = new Option<bool>("--open") { Description = "Show it in the browser." };
        var markdown = new Option<bool>("--markdown") { Description = "Print Markdown, for a pull request; no page." };
        var picture = new Option<string?>("--svg")
        {
            Description = "Write a figure as a picture, for a README; no page.",
            HelpName = "FILE",
        };
        var figure = new Option<string?>("--figure")
        {
            Description =
                $"Which picture, of {string.Join(", ", StaticFigure.Names)}, and of which variant; {StaticFigure.Usual} of the first if not given.",
            HelpName = "FIGURE[:VARIANT]",
        };
        var compare = new Option<string[]?>("--compare")
        {
            Description = "Report on two runs: B's times ÷ A's.",
            HelpName = "A> <B",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var sweep = SharedOptions.Sweep();
        var server = new ServerOptions();
        var command = new DocumentedCommand(
            "report",
            "Make a page of a run: the answer, how far to trust it, figures, every cell.",
            "layerbench report results/quickstart --open",
            "layerbench report results/quickstart --markdown > comment.md",
            "layerbench report results/quickstart --svg win-map.svg",
            "layerbench report quickstart-1f3a9c20 --server http://127.0.0.1:8080",
            "layerbench report results/quickstart --svg forest.svg --figure forest:ffn.conv1d",
            "layerbench report --compare results/main results/branch --out compare.html"
        )
        {
            folder,
            output,
            open,
            markdown,
            picture,
            figure,
            compare,
            sweep,
        };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var order = new Order(
                    parsed.GetValue(folder),
                    parsed.GetValue(compare) is { Length: 2 } two ? (two[0], two[1]) : null,
                    parsed.GetValue(output),
                    parsed.GetValue(open),
                    parsed.GetValue(markdown),
                    parsed.GetValue(picture),
                    parsed.GetValue(figure),
                    parsed.GetValue(sweep)
                ).Checked(server.IsGiven(parsed));
                if (order.Compared is { } runs)
                {
                    var compared = await OfTwoAsync(runs.A, runs.B, cancellation);
                    await GiveAsync(terminal, order, compared, "compare.html", cancellation);
                    return ExitCode.Done;
                }

                await using var run = await NamedRun.OpenAsync(
                    order.Folder!,
                    order.Sweep,
                    server,
                    parsed,
                    time,
                    cancellation
                );
                await run.WriteNotesAsync(terminal, withStanding: true);
                var data = await RunReport.ReadAsync(run, server.Repeated(parsed), cancellation);
                var page = run.Folder is { } of ? Path.Combine(of, RunReport.FileName) : $"{run.Sweep.Id}.html";
                await GiveAsync(terminal, order, data, page, cancellation);
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <param name="page">Where a page goes if nothing else is said.</param>
    private static async Task GiveAsync(
        Terminal terminal,
        Order order,
        ReportData data,
        string page,
        CancellationToken cancellation
    )
    {
        if (order.Markdown)
        {
            await terminal.Output.WriteAsync(MarkdownReport.Write(data));
            return;
        }

        if (order.Picture is { } picture)
        {
            await File.WriteAllTextAsync(picture, Draw(data, order), cancellation);
            await terminal.Output.WriteLineAsync(picture);
            return;
        }

        var file = order.Output ?? page;
        await RunReport.WritePageAsync(file, data, cancellation);
        await terminal.Output.WriteLineAsync(file);
        if (order.Open)
        {
            Show(terminal, file);
        }
    }

    private static string Draw(ReportData data, Order order)
    {
        var (figure, wanted) = order.Drawn;
        var there = StaticFigure.Variants(data);
        if (wanted is not null && there.Count > 0 && !there.Contains(wanted, StringComparer.Ordinal))
        {
            throw new BadInputException(
                $"--figure {order.Figure}: '{wanted}' is compared with nothing here; give one of {string.Join(", ", there)}"
            );
        }

        return (there.Count > 0 ? StaticFigure.Draw(data, figure, wanted ?? there[0]) : null)
            ?? throw new BadInputException(
                $"--svg {order.Picture}: there is nothing here to draw; {figure} takes {StaticFigure.Takes(figure)}"
            );
    }

    private static async Task<ReportData> OfTwoAsync(string a, string b, CancellationToken cancellation)
    {
        await using var before = await RunStore.OpenAsync(a, cancellation);
        await using var after = await RunStore.OpenAsync(b, cancellation);
        var rule = new VerdictRule { Margin = ComparedRuns.UsualMargin };
        var compared = await ComparedRuns.ReadAsync(before, after, rule, crossEnvironment: false, cancellation);
        return RunReport.Of(before, after, compared, $"{OwnName.Value} report --compare {a} {b}");
    }

    /// <summary>A machine without a browser is no error: the page is there, and its name was printed.</summary>
    private static void Show(Terminal terminal, string page)
    {
        try
        {
            using var _ = Process.Start(new ProcessStartInfo(Path.GetFullPath(page)) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException)
        {
            terminal.Error.WriteLine(
                $"note: no browser was found to open it with ({e.Message}); open the file yourself"
            );
        }
    }

    /// <summary>What was asked for.</summary>
    private sealed record Order(
        string? Folder,
        (string A, string B)? Compared,
        string? Output,
        bool Open,
        bool Markdown,
        string? Picture,
        string? Figure,
        string? Sweep
    )
    {
        /// <summary>The figure, and the variant that was named.</summary>
        public (string Figure, string? Variant) Drawn =>
            (Figure ?? StaticFigure.Usual).Split(':', 2) is [var figure, var variant]
                ? (figure, variant)
                : (Figure ?? StaticFigure.Usual, null);

        public Order Checked(bool ofServer)
        {
            List<string> wrong = [];
            if (Folder is null && Compared is null)
            {
                wrong.Add("report: no run is given; give its folder DIR, or --compare A B for two");
            }

            if (Folder is not null && Compared is not null)
            {
                wrong.Add($"--compare: reports on two runs, so '{Folder}' is one too many; leave it out");
            }

            if (Compared is not null && ofServer)
            {
                wrong.Add("--compare and --server: two runs of this machine are compared; leave out --server");
            }

            if (Compared is not null && Sweep is not null)
            {
                wrong.Add(
                    "--sweep and --compare: the sweeps that two folders had last are compared; leave out --sweep"
                );
            }

            if (Markdown && Picture is not null)
            {
                wrong.Add("--markdown and --svg: exclude each other; leave out one of them");
            }

            if (Figure is not null && Picture is null)
            {
                wrong.Add("--figure: is of a picture; give --svg FILE too, or leave it out");
            }

            if (!StaticFigure.Names.Contains(Drawn.Figure))
            {
                wrong.Add($"--figure '{Figure}': is none; give one of {string.Join(", ", StaticFigure.Names)}");
            }

            if ((Markdown || Picture is not null) && (Open || Output is not null))
            {
                wrong.Add("--out and --open: are of the page, which --markdown and --svg do not make; leave them out");
            }

            return wrong.Count == 0 ? this : throw new BadInputException(wrong);
        }
    }
}
