using Layerbench.Cli.Views;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Cli.Tests.Views;

public class ResultTableTests
{
    private const string NoControls = "controls: none, so nothing is known of how often this run errs";

    private const string SameMemory = "peak memory: the same in all memory launches, to the byte, in every cell";

    private const string VerdictLine =
        "verdicts: margin ±2%, false discovery rate 5% over the grid (Benjamini–Yekutieli); p is the corrected value";

    [Fact]
    public void ShowsAxesThatVaryAndARowForEachVariant()
    {
        var table = Seen(
            10,
            (Made.Result(0, 8, new Outcome.Completed()), Made.Estimate(1.234, 0.87)),
            (Made.Result(1, 16, new Outcome.Completed()), Made.Estimate(2.345, 1.21, steady: false)),
            (Made.Result(2, 4096, new Outcome.Skipped("needs 9 GiB, the device has 8 GiB")), null)
        );

        Text(table)
            .ShouldBe(
                """

                  batch   variant                 time                   ratio                verdict             peak memory   outcome     note
                ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
                      8   ffn.dense               1.23 ms [1.21, 1.26]   baseline                                 57.0 MiB      completed
                          ffn.conv1d              1.07 ms [1.05, 1.10]   0.87× [0.85, 0.89]   faster (p 0.0015)   64.0 MiB
                     16   ffn.dense               2.35 ms [2.30, 2.39]   baseline                                 57.0 MiB      completed   no steady state
                          ffn.conv1d              2.84 ms [2.78, 2.89]   1.21× [1.19, 1.23]   slower (p 0.0015)   64.0 MiB
                   4096   ffn.dense, ffn.conv1d   –                      –                    –                   –             skipped     needs 9 GiB, the device has 8 GiB


                """
            );
        table
            .Lines()
            .ShouldBe([
                "all cells: pass=forward dtype=float32 d_model=512",
                "3 cells: 2 completed, 1 skipped",
                "ffn.conv1d, 2 cells: 1 faster, 1 slower.",
                VerdictLine,
                NoControls,
                $"{SameMemory} (2)",
            ]);
    }

    [Fact]
    public void AQuickLookSaysSoInEveryRowAndClaimsNoInterval()
    {
        var table = Seen(10, (Made.Result(0, 8, new Outcome.Completed()), Made.Estimate(1.234, 0.87, launches: 1)));

        Text(table)
            .ShouldBe(
                """

                  variant      time      ratio      verdict        peak memory   outcome     note
                ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
                  ffn.dense    1.23 ms   baseline                  57.0 MiB      completed   quick look: one launch, no interval
                  ffn.conv1d   1.07 ms   0.87×      inconclusive   64.0 MiB


                """
            );
        table
            .Lines()
            .ShouldBe([
                "all cells: pass=forward dtype=float32 batch=8 d_model=512",
                "1 cell: 1 completed",
                "ffn.conv1d, 1 cell: 1 inconclusive.",
                "A quick look: fewer than 6 launches a cell give no interval, so no difference is judged, and one of a few percent would not be found.",
                VerdictLine,
                NoControls,
                $"{SameMemory} (1)",
            ]);
    }

    [Fact]
    public void KeepsOnlyTheCellsItShowsButCountsAll()
    {
        var table = Seen(
            2,
            [
                .. Enumerable
                    .Range(0, 1000)
                    .Select(i => (Made.Result(i, i, new Outcome.Completed()), (CellEstimate?)Made.Estimate(1, 1))),
            ]
        );

        Text(table).Split('\n').Count(line => line.Contains("ffn.conv1d", StringComparison.Ordinal)).ShouldBe(2);
        table
            .Lines()
            .ShouldBe([
                "all cells: pass=forward dtype=float32 d_model=512",
                "the first 2 of 1,000 cells are shown; results.csv has all of them",
                "1,000 cells: 1,000 completed",
                "ffn.conv1d, 1,000 cells: 1,000 inconclusive.",
                VerdictLine,
                NoControls,
                $"{SameMemory} (1,000)",
            ]);
    }

    private static ResultTable Seen(int shown, params (CellResult Result, CellEstimate? Estimate)[] cells)
    {
        var table = new ResultTable(shown);
        var analysis = new SweepAnalysis(new AnalysisRule());
        foreach (var (result, estimate) in cells)
        {
            var findings = Made.Findings(estimate);
            table.See(result, findings);
            analysis.See(result, findings);
        }

        table.Judge(analysis.Conclude(), analysis.Rule);
        return table;
    }

    private static string Text(ResultTable table) => Terminal.Text(table.Draw(), Terminal.Unfolded, colour: false);
}
