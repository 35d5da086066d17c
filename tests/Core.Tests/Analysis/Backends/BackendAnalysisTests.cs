using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Backends;
using Layerbench.Core.Results;

namespace Layerbench.Core.Tests.Analysis.Backends;

public sealed class BackendAnalysisTests
{
    private static readonly string[] Labels = ["base", "other"];

    private long index;

    /// <summary>Launch n takes (1 + n/100) times the seconds given; the second variant takes twice the first's, ± 1/1000 by launch.</summary>
    private (CellResult Cell, LaunchRecord[] Launches) Cell(
        string backend,
        int width,
        double milliseconds,
        int launches = 6,
        long parameters = 7,
        bool byDevice = false
    )
    {
        var cell = Analysis.Launches.Cell(index++) with
        {
            Point = new Dictionary<string, AxisValue>
            {
                ["backend"] = AxisValue.Of(backend),
                ["d_model"] = AxisValue.Of(width),
            },
        };
        return (
            cell,
            [
                .. Enumerable
                    .Range(0, launches)
                    .Select(n =>
                        Analysis.Launches.Of(
                            n,
                            [
                                .. new[] { 1, 2 * (1 + n % 2 / 1000.0) }.Select(
                                    (factor, v) => Sample(v, 1e6 * milliseconds * factor * (1 + n / 100.0), byDevice)
                                ),
                            ]
                        ) with
                        {
                            Fingerprint = new FingerprintId(backend),
                            Variants = [.. Labels.Select(l => new VariantFacts(l, parameters, null, null, null))],
                        }
                    ),
            ]
        );
    }

    private static Sample Sample(int variant, double nanoseconds, bool byDevice) =>
        Analysis.Launches.Sample(variant, 0, nanoseconds) with
        {
            DeviceNanoseconds = byDevice ? (long)nanoseconds : null,
        };

    private static BackendReport Report(
        IEnumerable<(CellResult Cell, LaunchRecord[] Launches)> cells,
        params CanaryRecord[] canaries
    )
    {
        var rule = new AnalysisRule();
        var backends = new BackendAnalysis(rule);
        foreach (var (cell, launches) in cells)
        {
            backends.See(cell, CellAnalysis.Of(cell.Labels, cell.Baseline, launches, rule), launches);
        }

        return backends.Conclude(canaries);
    }

    [Fact]
    public void CellsThatDifferInTheBackendAloneArePairedAndTheLaterIsDividedByTheEarlier()
    {
        var report = Report([
            Cell("pytorch", 64, 1),
            Cell("pytorch", 128, 4),
            Cell("torchsharp", 64, 3),
            Cell("torchsharp", 128, 2),
        ]);

        report
            .Ratios.Select(r => (r.From.Index, r.To.Index, r.FromBackend, r.ToBackend, r.Label))
            .ShouldBe([
                (0, 2, "pytorch", "torchsharp", "base"),
                (0, 2, "pytorch", "torchsharp", "other"),
                (1, 3, "pytorch", "torchsharp", "base"),
                (1, 3, "pytorch", "torchsharp", "other"),
            ]);
        report.Ratios.Select(r => Math.Round(r.Ratio.Value, 6)).ShouldBe([3, 3, 0.5, 0.5]);
        (report.Alone, report.Unlike, report.TooMany).ShouldBe((0, 0, false));
    }

    [Fact]
    public void TheIntervalIsThatOfIndependentSamples()
    {
        var ratio = Report([Cell("a", 64, 1), Cell("b", 64, 3)]).Ratios[0].Ratio;

        // Of the 36 pairwise ratios 3 (1 + i/100) ÷ (1 + j/100) the sixth from either end: the rank-sum place of 6 and 6.
        double[] pairs =
        [
            .. from i in Enumerable.Range(0, 6)
            from j in Enumerable.Range(0, 6)
            select 3 * (1 + i / 100.0) / (1 + j / 100.0),
        ];
        Array.Sort(pairs);
        ratio.Low.ShouldBe(pairs[5], 1e-6);
        ratio.High.ShouldBe(pairs[^6], 1e-6);
        ratio.Launches.ShouldBe(6);
    }

    [Fact]
    public void WithThreeLaunchesASideThereIsNoInterval()
    {
        var ratio = Report([Cell("a", 64, 1, launches: 3), Cell("b", 64, 3, launches: 3)]).Ratios[0].Ratio;
        (Math.Round(ratio.Value, 6), ratio.Low, ratio.High).ShouldBe((3, 0, double.PositiveInfinity));
    }

    [Fact]
    public void ASideWithoutAnySpreadBoundsNothing()
    {
        var (cell, launches) = Cell("b", 64, 3);
        // Copies in their base alone: the ratios to it still differ, so that the cell itself is no problem.
        var copies = Array.ConvertAll(launches, l => l with { Samples = [launches[0].Samples[0], l.Samples[1]] });
        var report = Report([Cell("a", 64, 1), (cell, copies)]);
        (report.Ratios[0].Ratio.Low, report.Ratios[0].Ratio.High).ShouldBe((0, double.PositiveInfinity));
        report.Ratios[1].Ratio.High.ShouldBeLessThan(3.3);
    }

    [Fact]
    public void ThreeBackendsAreEachTakenAgainstTheFirst() =>
        Report([Cell("a", 64, 1), Cell("b", 64, 2), Cell("c", 64, 3)])
            .Ratios.Where(r => r.Label == "base")
            .Select(r => (r.FromBackend, r.ToBackend, Math.Round(r.Ratio.Value, 6)))
            .ShouldBe([("a", "b", 2), ("a", "c", 3)]);

    [Fact]
    public void ACellWithoutItsPartnerIsCounted()
    {
        var report = Report([Cell("a", 64, 1), Cell("a", 128, 1), Cell("b", 64, 1)]);
        report.Ratios.Count.ShouldBe(2);
        report.Alone.ShouldBe(1);
    }

    [Fact]
    public void AVariantOfAnotherSizeOrTimedByAnotherClockIsNoPair()
    {
        var sizes = Report([Cell("a", 64, 1), Cell("b", 64, 1, parameters: 8)]);
        (sizes.Ratios.Count, sizes.Unlike).ShouldBe((0, 2));
        var clocks = Report([Cell("a", 64, 1), Cell("b", 64, 1, byDevice: true)]);
        (clocks.Ratios.Count, clocks.Unlike).ShouldBe((0, 2));
    }

    [Fact]
    public void OneBackendSaysNothing()
    {
        var report = Report([Cell("a", 64, 1), Cell("a", 128, 1)]);
        (report.Ratios.Count, report.Alone).ShouldBe((0, 0));
    }

    [Fact]
    public void ControlsAndCellsThatWereNotMeasuredAreLeftOut()
    {
        var same = Cell("b", 64, 1);
        var report = Report([
            Cell("a", 64, 1),
            (same.Cell with { Labels = ["base", "control.same"] }, same.Launches),
            (Cell("b", 64, 1).Cell, []),
        ]);
        report.Ratios.ShouldBeEmpty();
    }

    [Fact]
    public void TheOrderInWhichCellsAreSeenChangesNothing()
    {
        var cells = new[] { Cell("a", 64, 1), Cell("a", 128, 2), Cell("b", 64, 3), Cell("b", 128, 4) };
        Report(cells.Reverse()).Ratios.ShouldBe(Report(cells).Ratios);
    }

    [Fact]
    public void CanariesSayHowMuchTheMachineAndTheLibrariesAccountFor()
    {
        CanaryRecord[] canaries =
        [
            .. Enumerable.Range(0, 4).Select(n => Canary("a", n, 100 + n, 10)),
            .. Enumerable.Range(0, 4).Select(n => Canary("b", n, 50 + n, 10)),
            Canary("of another sweep's launches", 0, 1, 1),
            Canary("b", 9, 7, 7, device: "elsewhere"),
        ];

        var found = Report([Cell("a", 64, 1), Cell("b", 64, 2)], canaries).Canaries.ShouldHaveSingleItem();

        (found.From, found.To, found.IsSteady).ShouldBe(("a", "b", false));
        found.Gemm.Low.ShouldBe(100.0 / 53, 1e-9);
        found.Gemm.High.ShouldBe(103.0 / 50, 1e-9);
        found.Gemm.Value.ShouldBeInRange(1.9, 2.05);
        found.Triad.ShouldBe(new(1, 0, double.PositiveInfinity, 4), "canaries alike to the last bit bound nothing");
    }

    [Fact]
    public void CanariesThatMovedLittleAreSteadyAndWithoutThemThereIsNoWord()
    {
        var cells = new[] { Cell("a", 64, 1), Cell("b", 64, 2) };
        Report(cells, Canary("a", 0, 100, null), Canary("b", 0, 104, null)).Canaries.Single().IsSteady.ShouldBeTrue();
        Report(cells, Canary("a", 0, 100, 10), Canary("b", 0, 100, 11)).Canaries.Single().IsSteady.ShouldBeFalse();
        Report(cells, Canary("a", 0, 100, 10)).Canaries.ShouldBeEmpty();
    }

    private static CanaryRecord Canary(string backend, int launch, double gemm, double? triad, string device = "cpu") =>
        new(
            new DeviceId(device),
            new FingerprintId(backend),
            DateTimeOffset.UnixEpoch.AddSeconds(launch),
            DateTimeOffset.UnixEpoch.AddSeconds(launch),
            CanaryPlace.First,
            gemm,
            triad
        );

    [Fact]
    public void ACellFindsItsOwnRatioAndTheFirstBackendsHasNone()
    {
        var (first, second) = (Cell("a", 64, 1), Cell("b", 64, 3));
        var report = Report([first, second]);
        report.Of(second.Cell, "other").ShouldBe(report.Ratios[1]);
        report.Of(first.Cell, "other").ShouldBeNull();
    }
}
