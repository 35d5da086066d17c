using Layerbench.Cli.Views;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;

namespace Layerbench.Cli.Tests.Views;

public class EpochViewTests
{
    [Theory]
    [InlineData(14.8, 0.17, 7, 1, "14.8 s ± 170 ms per loop (mean ± std. dev. of 7 runs, 1 loop each)")]
    [InlineData(0.0123, 0, 1, 10000, "12.3 ms ± 0 ns per loop (mean ± std. dev. of 1 run, 10,000 loops each)")]
    [InlineData(1.5e-6, 2.34e-9, 7, 100, "1.5 µs ± 2.34 ns per loop (mean ± std. dev. of 7 runs, 100 loops each)")]
    public void ALaunchReadsAsTimeitPrintsIt(double mean, double deviation, int runs, long loops, string text) =>
        TimeitText.Of(new("ffn.dense", 0, 1, mean, deviation, runs, loops)).ShouldBe(text);

    // What IPython's _format_time gives.
    [Theory]
    [InlineData(59.96, "60 s")]
    [InlineData(60, "1min")]
    [InlineData(70.9, "1min 10s")]
    [InlineData(3600, "1h")]
    [InlineData(3661, "1h 1min 1s")]
    [InlineData(180122, "2d 2h 2min 2s")]
    [InlineData(1, "1 s")]
    [InlineData(0.9996, "1e+03 ms")]
    [InlineData(0.1225, "122 ms")]
    [InlineData(0.1235, "124 ms")]
    [InlineData(12.25, "12.2 s")]
    [InlineData(12.35, "12.3 s")]
    [InlineData(0.001, "1 ms")]
    [InlineData(0.5e-9, "0.5 ns")]
    [InlineData(0, "0 ns")]
    public void TimesAreWrittenAsIPythonWritesThem(double seconds, string text) =>
        TimeitText.Time(seconds).ShouldBe(text);

    [Fact]
    public void EachOfFewLaunchesStandsBesideOurMedian() =>
        Lines(Seen(8, 2))
            .ShouldBe([
                "  ffn.dense, launch 1: 2 s ± 1 s per loop (mean ± std. dev. of 2 runs, 1 loop each); 2.00 s",
                "  ffn.dense, launch 2: 2 s ± 1 s per loop (mean ± std. dev. of 2 runs, 1 loop each); 2.00 s",
                "  ffn.conv1d, launch 1: 4 s ± 2 s per loop (mean ± std. dev. of 2 runs, 1 loop each); 4.00 s",
                "  ffn.conv1d, launch 2: 4 s ± 2 s per loop (mean ± std. dev. of 2 runs, 1 loop each); 4.00 s",
            ]);

    [Fact]
    public void OfManyLaunchesTheMedianOneStandsBesideOurInterval() =>
        Lines(Seen(8, 6))
            .ShouldBe([
                "  ffn.dense, median launch (3 of 6): 2 s ± 1 s per loop (mean ± std. dev. of 2 runs, 1 loop each); 2.00 s [1.96, 2.04]",
                "  ffn.conv1d, median launch (3 of 6): 4 s ± 2 s per loop (mean ± std. dev. of 2 runs, 1 loop each); 4.00 s [3.92, 4.08]",
            ]);

    [Fact]
    public void TheLossOfTheLaunchIsToldAtBothEnds()
    {
        var (cell, findings, launches) = Seen(8, 6);
        var curves = new VariantCurves(
            0,
            new Dictionary<string, IReadOnlyList<CurvePoint>> { ["loss"] = [new(1, 0.71234), new(2, 0.7), new(8, 0.5)] }
        );
        launches[2] = launches[2] with { Curves = [curves] };

        var lines = Lines((cell, findings, launches));

        lines[0].ShouldEndWith("2.00 s [1.96, 2.04]; loss 0.7123 in epoch 1, 0.5000 in epoch 8");
        lines[1].ShouldEndWith("4.00 s [3.92, 4.08]");
    }

    [Fact]
    public void PointsThatDifferAreNamed() =>
        Lines(Seen(8, 1), Seen(16, 1))
            .Select(l => l.Split(',')[0])
            .ShouldBe(["  batch=8 ffn.dense", "  batch=8 ffn.conv1d", "  batch=16 ffn.dense", "  batch=16 ffn.conv1d"]);

    [Fact]
    public void OtherPassesSayNothing()
    {
        var (cell, findings, launches) = Seen(8, 1);
        var forward = new Dictionary<string, AxisValue>(cell.Point) { ["pass"] = AxisValue.Of("forward") };
        var view = new EpochView(10);

        view.See(cell with { Point = forward }, findings, launches);

        view.Lines().ShouldBeEmpty();
    }

    private static string[] Lines(params (CellResult, CellFindings, LaunchRecord[])[] cells)
    {
        var view = new EpochView(10);
        foreach (var (cell, findings, launches) in cells)
        {
            view.See(cell, findings, launches);
        }

        string[] lines = [.. view.Lines()];
        lines[0].ShouldStartWith("epochs as %timeit prints them");
        return lines[1..];
    }

    /// <summary>Epochs of 1 and 3 s, and twice that.</summary>
    private static (CellResult, CellFindings, LaunchRecord[]) Seen(long batch, int launches)
    {
        var cell = Made.Result(batch, batch, new Outcome.Completed());
        return (
            cell with
            {
                Point = new Dictionary<string, AxisValue>(cell.Point) { ["pass"] = AxisValue.Of("seed_epoch") },
            },
            Made.Findings(Made.Estimate(2000, 2, launches)),
            [.. Enumerable.Range(0, launches).Select(number => Launch(cell.Id, number))]
        );
    }

    private static LaunchRecord Launch(CellId cell, int number) =>
        new(
            cell,
            LaunchKind.Time,
            number,
            1,
            new DeviceId("cpu"),
            new FingerprintId("f"),
            Made.Noon,
            0,
            1,
            TimeSpan.Zero,
            new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
            Steady: true,
            [],
            [Epoch(0, 0, 1), Epoch(1, 0, 2), Epoch(0, 1, 3), Epoch(1, 1, 6)],
            []
        );

    private static Sample Epoch(int variant, int block, long seconds) =>
        new(variant, block, variant, 1, seconds * 1_000_000_000, 1, null, 0, 0);
}
