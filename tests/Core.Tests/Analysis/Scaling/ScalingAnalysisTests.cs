using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Results;

namespace Layerbench.Core.Tests.Analysis.Scaling;

public sealed class ScalingAnalysisTests
{
    private static readonly string[] Axes = ["dtype", "seq_len", "d_model"];

    private long index;

    /// <summary>Two variants whose seconds are given, each launch <paramref name="noise"/> off as a whole.</summary>
    private (CellResult Cell, LaunchRecord[] Launches) Cell(
        int length,
        int width,
        double one,
        double other,
        double noise = 0.01,
        int launches = 12,
        string dtype = "float32",
        double? flops = null,
        string fingerprint = "f"
    )
    {
        var cell = Analysis.Launches.Cell(index++) with
        {
            Point = new Dictionary<string, AxisValue>
            {
                ["dtype"] = AxisValue.Of(dtype),
                ["seq_len"] = AxisValue.Of(length),
                ["d_model"] = AxisValue.Of(width),
                ["d_ff"] = AxisValue.Of(4 * width),
            },
        };
        var random = new SeededRandom((ulong)index);
        return (
            cell,
            [
                .. Enumerable
                    .Range(0, launches)
                    .Select(number =>
                        Analysis.Launches.Of(
                            number,
                            [
                                .. Enumerable
                                    .Range(0, 3)
                                    .SelectMany(block =>
                                        new[] { one, other }.Select(
                                            (seconds, v) =>
                                                Analysis.Launches.Sample(
                                                    v,
                                                    block,
                                                    1e9 * seconds * Math.Exp(noise * random.NextNormal())
                                                )
                                        )
                                    ),
                            ]
                        ) with
                        {
                            Fingerprint = new FingerprintId(fingerprint),
                            Variants =
                            [
                                .. cell.Labels.Select(l => new VariantFacts(
                                    l,
                                    1,
                                    null,
                                    null,
                                    null,
                                    flops ?? (double)length * length * width
                                )),
                            ],
                        }
                    ),
            ]
        );
    }

    private static ScalingReport Report(IEnumerable<(CellResult Cell, LaunchRecord[] Launches)> cells)
    {
        var rule = new AnalysisRule();
        var scaling = new ScalingAnalysis(Axes, rule);
        foreach (var (cell, launches) in cells)
        {
            scaling.See(cell, CellAnalysis.Of(cell.Labels, cell.Baseline, launches, rule), launches);
        }

        return scaling.Conclude();
    }

    private IEnumerable<(CellResult, LaunchRecord[])> Grid(double constant = 0) =>
        from length in new[] { 64, 128, 256, 512 }
        from width in new[] { 32, 64, 128 }
        select Cell(length, width, 1e-9 * length * length * width, constant + 1e-8 * length * width * width);

    [Fact]
    public void ExponentsOfBothAxesAreFoundWithIntervalsThatHoldThem()
    {
        var fits = Report(Grid()).Exponents;
        fits.Select(f => (f.Axis, f.Label))
            .ShouldBe([("seq_len", "base"), ("seq_len", "other"), ("d_model", "base"), ("d_model", "other")]);
        double[] truth = [2, 1, 1, 2];
        foreach (var (fit, exponent) in fits.Zip(truth))
        {
            fit.Exponent.Low.ShouldBeLessThan(exponent);
            fit.Exponent.High.ShouldBeGreaterThan(exponent);
            (fit.Exponent.High - fit.Exponent.Low).ShouldBeLessThan(0.03);
            fit.Exponent.Launches.ShouldBe(12);
            fit.Misfit.ShouldBeLessThan(0.03);
        }

        fits[0].Lines.ShouldBe(3);
        fits[0].Cells.ShouldBe(12);
        (fits[0].From, fits[0].To).ShouldBe((64, 512));
        fits.Select(f => Math.Round(f.Analytic!.Value, 12)).ShouldBe([2, 2, 1, 1]);
    }

    [Fact]
    public void WhatIsConstantPerCallFlattensTheFitAndLessSoItsTop()
    {
        var fit = Report(Grid(constant: 0.02)).Exponents.Single(f => f is { Axis: "seq_len", Label: "other" });
        fit.Exponent.High.ShouldBeLessThan(fit.Top.Low);
        fit.Top.High.ShouldBeLessThan(1);
        fit.Misfit.ShouldBeGreaterThan(0.05);
    }

    [Fact]
    public void TypesAreFittedApart()
    {
        var cells = Grid()
            .Concat(new[] { 64, 128, 256 }.Select(l => Cell(l, 32, 1e-6 * l, 1e-6 * l, dtype: "bfloat16")));
        var fits = Report(cells).Exponents.Where(f => f is { Axis: "seq_len", Label: "base" }).ToArray();
        fits.Select(f => f.Setting.ShouldHaveSingleItem().Value.Text).ShouldBe(["float32", "bfloat16"]);
        fits[0].Exponent.Value.ShouldBe(2, 0.02);
        fits[1].Exponent.Value.ShouldBe(1, 0.02);
    }

    [Fact]
    public void CellsOfTwoEnvironmentsAreNoOneLine() =>
        Report([Cell(64, 32, 1e-3, 1e-3), Cell(128, 32, 1e-3, 1e-3), Cell(256, 32, 1e-3, 1e-3, fingerprint: "another")])
            .Exponents.ShouldBeEmpty();

    [Fact]
    public void TwoValuesAreNoLine() =>
        Report([Cell(64, 32, 1e-3, 1e-3), Cell(128, 32, 2e-3, 2e-3)]).IsEmpty.ShouldBeTrue();

    [Fact]
    public void AnAxisAlongWhichTheWorkStaysTheSameIsNotFitted() =>
        Report(new[] { 1, 2, 3 }.Select(n => Cell(n, 32, 1e-3 * n, 1e-3, flops: 7))).IsEmpty.ShouldBeTrue();

    [Fact]
    public void FiveLaunchesGiveAnExponentWithoutAnIntervalAndNoCrossing()
    {
        var report = Report(new[] { 64, 128, 256 }.Select(l => Cell(l, 32, 1e-7 * l * l, 1.28e-5 * l, launches: 5)));
        report.Exponents[0].Exponent.Value.ShouldBe(2, 0.05);
        report.Exponents[0].Exponent.High.ShouldBe(double.PositiveInfinity);
        report.Crossovers.ShouldBeEmpty();
    }

    [Fact]
    public void ACrossingIsFoundWhereItIsAndHoldsTheTruth()
    {
        // Equal at seq_len 181: 1e-7 L² = 1.81e-5 L.
        var crossing = Report(new[] { 64, 128, 256, 512 }.Select(l => Cell(l, 32, 1e-7 * l * l, 1.81e-5 * l)))
            .Crossovers.ShouldHaveSingleItem();
        (crossing.Axis, crossing.Faster, crossing.Slower).ShouldBe(("seq_len", "other", "base"));
        crossing.Low.ShouldBeLessThan(181);
        crossing.High.ShouldBeGreaterThan(181);
        (crossing.High / crossing.Low).ShouldBeLessThan(1.1);
        crossing.Place.ShouldBeEmpty();
    }

    [Fact]
    public void EqualTimesCrossNowhere()
    {
        var cells = new[] { 64, 128, 256, 512 }.Select(l => Cell(l, 32, 1e-6 * l, 1e-6 * l, noise: 0.03));
        Report(cells).Crossovers.ShouldBeEmpty();
    }

    [Fact]
    public void LaunchesThatAreCopiesOfOneDecideNothing()
    {
        var report = Report(new[] { 64, 256, 512 }.Select(l => Cell(l, 32, 1e-7 * l * l, 1.81e-5 * l, noise: 0)));
        report.Crossovers.ShouldBeEmpty();
    }

    [Fact]
    public void TheOrderInWhichCellsAreSeenChangesNothing()
    {
        var cells = Grid().ToArray();
        var one = Report(cells);
        var other = Report(cells.Reverse());
        one.Exponents.Select(f => (f.Label, f.Exponent, f.Top, f.Misfit))
            .ShouldBe(other.Exponents.Select(f => (f.Label, f.Exponent, f.Top, f.Misfit)));
        one.Crossovers.Select(c => (c.At, c.Low, c.High)).ShouldBe(other.Crossovers.Select(c => (c.At, c.Low, c.High)));
    }

    [Fact]
    public void CellsWithMoreLaunchesGiveThoseThatAllHave()
    {
        var report = Report([
            Cell(64, 32, 1e-3, 1e-3, launches: 24),
            Cell(128, 32, 2e-3, 2e-3, launches: 12),
            Cell(256, 32, 4e-3, 4e-3, launches: 6),
        ]);
        report.Exponents[0].Exponent.Launches.ShouldBe(6);
    }

    [Fact]
    public void ACellOfWhichLittleIsLeftDoesNotTakeTheOthersInterval()
    {
        var report = Report([
            Cell(64, 32, 1e-3, 1e-3),
            Cell(128, 32, 2e-3, 2e-3),
            Cell(256, 32, 9e-3, 9e-3, launches: 3),
            Cell(512, 32, 8e-3, 8e-3),
        ]);
        var fit = report.Exponents[0];
        (fit.Cells, fit.Exponent.Launches).ShouldBe((3, 12));
        fit.Exponent.Value.ShouldBe(1, 0.01);
    }
}
