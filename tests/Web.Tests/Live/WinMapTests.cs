using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Report.Data;
using Layerbench.Web.Live;

namespace Layerbench.Web.Tests.Live;

/// <summary>Maps of cells that are timed beside cells that train.</summary>
public sealed class WinMapTests
{
    private static readonly DateTimeOffset noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AMapOpensOverTheAxesOfWhatIsCompared()
    {
        var picture = Picture(
            Timed(0, batch: 1, width: 64),
            Timed(1, batch: 1, width: 128),
            Timed(2, batch: 4, width: 64),
            Trained(3, rate: 1),
            Trained(4, rate: 2)
        );

        WinMaps.Shown(picture).ShouldBe(["batch", "d_model"]);
        var map = Map(picture);
        (map.X.Name, map.Y.Name).ShouldBe(("d_model", "batch"));
        map.Cells.ShouldBe(3);
        map.Boxes.Select(b => (b.X, b.Y, b.Faster + b.Inconclusive, b.Ended))
            .ShouldBe([(0, 0, 1, 0), (1, 0, 1, 0), (0, 1, 1, 0)]);
    }

    [Fact]
    public void AMapOfOneComparedPointHasNoAxesAndCountsWhatEndedBeforeItWasTimed()
    {
        var picture = Picture(
            Timed(0, batch: 1, width: 64),
            Ended(1, batch: 4),
            Trained(2, rate: 1),
            Trained(3, rate: 2)
        );

        WinMaps.Shown(picture).ShouldBeEmpty();
        var map = Map(picture);
        (map.X.Name, map.Y.Name, map.Cells).ShouldBe(("", "", 2));
        map.Boxes.Single().Ended.ShouldBe(1);
    }

    private static WinMap Map(SweepPicture picture) =>
        WinMaps.Of(picture, new MapQuery(null, null, null, new Dictionary<string, string>()))!;

    private static SweepPicture Picture(params BookCell[] cells) =>
        new(cells, Conditions.Unknown, new AnalysisRule(), ["batch", "d_model", "learning_rate"]);

    private static BookCell Timed(long index, long batch, long width) =>
        new(
            Cell(index, ("batch", batch), ("d_model", width)),
            new CellFindings(
                ControlKind.None,
                null,
                [new Comparison("other", new Evidence(new Interval(0.5, 0.49, 0.51, 6), 1e-9))],
                null,
                30,
                default
            ),
            null,
            []
        );

    private static BookCell Trained(long index, long rate)
    {
        var cell = Cell(index, ("batch", 1), ("d_model", 64), ("learning_rate", rate));
        return BookCell.Of(
            cell,
            [
                new LaunchRecord(
                    cell.Id,
                    LaunchKind.Quality,
                    0,
                    1,
                    new DeviceId("cpu"),
                    new FingerprintId("aa"),
                    noon,
                    0,
                    1,
                    TimeSpan.Zero,
                    new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
                    Steady: true,
                    [],
                    [],
                    []
                ),
            ],
            new AnalysisRule()
        );
    }

    private static BookCell Ended(long index, long batch) =>
        BookCell.Of(
            Cell(index, ("batch", batch), ("d_model", 64)) with
            {
                Outcome = new Outcome.Skipped("needs 90 GB"),
            },
            [],
            new AnalysisRule()
        );

    private static CellResult Cell(long index, params (string Axis, long Value)[] point) =>
        new(
            index,
            new CellId($"{index:x4}"),
            point.ToDictionary(p => p.Axis, p => AxisValue.Of(p.Value), StringComparer.Ordinal),
            ["base", "other"],
            "base",
            new Outcome.Completed(),
            new DeviceId("cpu"),
            noon
        );
}
