using Layerbench.Report.Markdown;

namespace Layerbench.Report.Tests;

public class MarkdownReportTests
{
    [Fact]
    public async Task APullRequestGetsTheSentencesAndTheCells()
    {
        await using var run = new MadeRun().Timed(0, 1, 64, 0.5).Timed(1, 4, 64, 2);

        var text = MarkdownReport.Write(await run.ReadAsync());

        text.ShouldStartWith(
            """
            ## ffn

            _Dense or Conv1D?_

            - **ffn.conv1d is faster than ffn.dense in 1 of 2 cells, by up to 2.00×; ffn.dense is faster in 1, by up to 2.00×.**

            - ⚠ controls: There are none, so nothing is known of how often this run errs.

            """
        );
        text.ShouldContain(
            """
            | batch | variant | time | ratio | verdict | peak memory | outcome |
            | --- | --- | --- | --- | --- | --- | --- |
            | 1 | ffn.dense | 1.00 ms \[1.00, 1.01\] | baseline |  | 1.00 MiB | completed |
            | 1 | ffn.conv1d | 501 µs \[499, 504\] | 0.500× \[0.499, 0.501\] | faster (p <0.0001) | 1.50 MiB | completed |
            """.Replace("(p <", "(p &lt;", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task WhatIsNotFinishedAndWhatIsWrongWithTheMachineStandWithTheAnswer()
    {
        await using var run = new MadeRun().Timed(0, 1, 64, 0.5);
        var data = await run.ReadAsync() with
        {
            Standing = "running: 1 of 2 cells so far",
            Trust = [new("noise", "Little.", false), new("environment", "the BLAS is an old one.", true)],
        };

        MarkdownReport
            .Write(data)
            .ShouldContain(
                """
                - ⚠ running: 1 of 2 cells so far
                - **ffn.conv1d is faster than ffn.dense in 1 of 1 cell, by up to 2.00×.**

                - ⚠ environment: the BLAS is an old one.
                - noise: Little.

                """
            );
    }

    [Fact]
    public async Task NamesCannotBreakOutOfATable()
    {
        await using var run = new MadeRun("a|b\n# c").Timed(0, 1, 64, 0.5, second: "x | <b>@you");

        var text = MarkdownReport.Write(await run.ReadAsync());

        text.ShouldStartWith("## a\\|b \\# c\n");
        text.ShouldContain("| x \\| &lt;b>&#64;you |");
    }
}
