using System.Xml.Linq;
using Layerbench.Report.Data;
using Layerbench.Report.Pictures;

namespace Layerbench.Report.Tests;

public class StaticFigureTests
{
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    [Fact]
    public async Task TheWinMapHasABoxWithItsRatioForEachCellAndHatchesInconclusiveOnes()
    {
        await using var run = Decided();

        var picture = Draw(await run.ReadAsync(), "win-map");

        var texts = Texts(picture);
        texts[0].ShouldBe("ffn.conv1d ÷ ffn.dense: time, ffn");
        texts
            .Where(t =>
                t.StartsWith("0.", StringComparison.Ordinal)
                || t.StartsWith('≈')
                || t.StartsWith("2.", StringComparison.Ordinal)
            )
            .ShouldBe(["0.50", "2.00", "≈1.00"]);
        picture.Descendants(svg + "rect").Count(r => r.Attribute("fill")?.Value == "url(#u)").ShouldBe(1);
    }

    [Fact]
    public async Task TheWinMapHasRoomForItsLongestNames()
    {
        const long large = 10_000_000_000_000_000;
        await using var run = new MadeRun(new string('n', 80))
            .Timed(0, 1, 64, 0.5)
            .Timed(1, 1, large, 2)
            .Timed(2, large, 64, 0.5);

        var picture = Draw(await run.ReadAsync(), "win-map");

        // Of a letter of 13 pixels, as its browser draws it, 7.4 are enough.
        var row = picture.Descendants(svg + "text").Single(t => t.Value == $"batch {large}");
        Place(row, "x").ShouldBeGreaterThan(7.4 * row.Value.Length);
        var columns = picture.Descendants(svg + "text").Where(t => t.Value is "64" or "10000000000000000").ToList();
        (Place(columns[1], "x") - Place(columns[0], "x")).ShouldBeGreaterThan(7.4 * columns[1].Value.Length);
        Place(picture.Root!, "width").ShouldBeGreaterThan(7.4 * Texts(picture)[0].Length);
    }

    [Fact]
    public async Task TheForestHasARowWithItsIntervalForEachCell()
    {
        await using var run = Decided();

        var picture = Draw(await run.ReadAsync(), "forest");

        var texts = Texts(picture);
        texts[0].ShouldBe("ffn.conv1d ÷ ffn.dense: time, ffn");
        texts.ShouldContain("batch · d_model");
        texts
            .Where(t => t.Contains(" · ", StringComparison.Ordinal))
            .Skip(1)
            .ShouldBe(["1 · 64", "1 · 128", "4 · 64", "4 · 128"]);
        texts.ShouldContain("0.500× [0.499, 0.501]");
        var marks = picture.Descendants(svg + "circle").ToList();
        marks
            .Select(m => m.Attribute("fill")?.Value)
            .ShouldBe(["#2a78b8", "#d9781e", "#009e73", null], "faster, slower, equivalent, inconclusive");
        Place(marks[0], "cx").ShouldBeLessThan(Place(marks[2], "cx"));
        Place(marks[2], "cx").ShouldBeLessThan(Place(marks[1], "cx"));
        var intervals = picture
            .Descendants(svg + "line")
            .Where(l => l.Attribute("stroke-width")?.Value == "2" && l.Parent!.Name != svg + "pattern")
            .ToList();
        intervals.Count.ShouldBe(4);
        Place(intervals[3], "x1").ShouldBeLessThan(Place(marks[3], "cx"));
        Place(intervals[3], "x2").ShouldBeGreaterThan(Place(marks[3], "cx"));
    }

    [Fact]
    public async Task AForestOfManyCellsSaysHowManyItHas()
    {
        await using var run = new MadeRun();
        for (var i = 0; i < ForestSvg.MostRows + 5; i++)
        {
            run.Timed(i, 1, 64 + i, 0.5);
        }

        var picture = Draw(await run.ReadAsync(), "forest");

        picture.Descendants(svg + "circle").Count().ShouldBe(ForestSvg.MostRows);
        Texts(picture)[1].ShouldEndWith("; the first 60 of 65 cells");
    }

    [Fact]
    public async Task LinesRunAlongTheAxisWithMostValuesWithTheOthersWhereMostCellsAre()
    {
        await using var run = new MadeRun()
            .Timed(0, 1, 64, 0.5)
            .Timed(1, 1, 128, 1)
            .Timed(2, 1, 256, 2)
            .Timed(3, 4, 64, 0.5);

        var picture = Draw(await run.ReadAsync(), "lines");

        var texts = Texts(picture);
        texts[0].ShouldBe("ffn.dense, ffn.conv1d along d_model, ffn");
        texts[1].ShouldBe("bands: 95% intervals; at batch=1");
        texts.ShouldContain("256");
        picture.Descendants(svg + "polyline").Count().ShouldBe(2);
        picture.Descendants(svg + "polygon").Count().ShouldBe(2, "a band each");
        picture.Descendants(svg + "circle").Count().ShouldBe(2 + 2 * 3, "two of the legend");
        var heights = picture.Descendants(svg + "circle").TakeLast(3).Select(c => Place(c, "cy")).ToList();
        heights.ShouldBeInOrder(SortDirection.Descending, "slower is further up");
    }

    [Fact]
    public async Task AxesOfCellsThatTrainAreNotThoseOfCellsThatAreTimed()
    {
        await using var run = new MadeRun(axes: "learning_rate: [0.1, 0.2, 0.3, 0.4]")
            .Timed(0, 1, 64, 0.5)
            .Timed(1, 1, 128, 1)
            .Timed(2, 1, 256, 2);
        for (var i = 0; i < 4; i++)
        {
            run.Trained(3 + i, 1, 64, (MadeRun.Dense, 0.5), (MadeRun.Conv, 0.9)).At("learning_rate", 0.1 * (1 + i));
        }

        var data = await run.ReadAsync();

        var map = Draw(data, "win-map");
        Texts(map).ShouldContain("256");
        Texts(map).ShouldNotContain(t => t.Contains("learning_rate", StringComparison.Ordinal) || t == "0.3");
        map.Descendants(svg + "text")
            .Where(t => t.Attribute("class")?.Value == "n")
            .Select(t => Place(t, "x"))
            .Distinct()
            .Count()
            .ShouldBe(3, "a column each");
        Texts(Draw(data, "lines"))[0].ShouldBe("ffn.dense, ffn.conv1d along d_model, ffn");
        Texts(Draw(data, "forest")).ShouldContain("d_model");
    }

    [Fact]
    public async Task ACellThatLacksAnAxisOfTheWinMapHasAColumnOfItsOwn()
    {
        await using var run = new MadeRun(axes: "heads: [2, 4]")
            .Timed(0, 1, 64, 0.5)
            .At("heads", 2)
            .Timed(1, 1, 64, 0.25)
            .At("heads", 4)
            .Timed(2, 1, 64, 2);

        var map = Draw(await run.ReadAsync(), "win-map");

        var at = map.Descendants(svg + "text").ToLookup(t => t.Value, t => Place(t, "x"));
        at["0.50"].ShouldBe(at["2"]);
        at["0.25"].ShouldBe(at["4"]);
        at["2.00"].ShouldBe(at["–"]);
    }

    [Fact]
    public async Task AnyVariantIsDrawnAndNamesAreText()
    {
        await using var run = new MadeRun("</svg><script>")
            .Timed(0, 1, 64, 0.5, second: "one")
            .Timed(1, 4, 64, 2, second: "</svg><script>");
        var data = await run.ReadAsync();

        StaticFigure.Variants(data).ShouldBe(["one", "</svg><script>"]);
        foreach (var figure in (string[])["win-map", "forest"])
        {
            var picture = XDocument.Parse(StaticFigure.Draw(data, figure, "</svg><script>")!);
            Texts(picture)[0].ShouldBe("</svg><script> ÷ ffn.dense: time, </svg><script>");
            picture.Descendants(svg + "script").ShouldBeEmpty();
        }

        StaticFigure.Draw(data, "lines", "one").ShouldBeNull("one value is no line");
        await using var empty = new MadeRun();
        StaticFigure.Variants(await empty.ReadAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1e-6, 1e-2, "1E-06 1E-05 0.0001 0.001 0.01")]
    [InlineData(0.9, 12, "1 2 5 10")]
    [InlineData(0.55, 2.2, "1 1.5 2")]
    [InlineData(0.97, 1.12, "1 1.05 1.1")]
    [InlineData(0.931, 0.949, "0.935 0.94 0.945")]
    public void TicksAreRoundNumbersAFew(double least, double most, string ticks) =>
        string.Join(
                ' ',
                new LogScale(least, most, 0, 100)
                    .Ticks()
                    .Select(t => t.ToString("G3", System.Globalization.CultureInfo.InvariantCulture))
            )
            .ShouldBe(ticks);

    private static MadeRun Decided() =>
        new MadeRun().Timed(0, 1, 64, 0.5).Timed(1, 1, 128, 2).Timed(2, 4, 64, 1).Timed(3, 4, 128, 1.05, spread: 0.3);

    private static XDocument Draw(ReportData data, string figure) =>
        XDocument.Parse(StaticFigure.Draw(data, figure, MadeRun.Conv)!);

    private static List<string> Texts(XDocument picture) => [.. picture.Descendants(svg + "text").Select(t => t.Value)];

    private static double Place(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, System.Globalization.CultureInfo.InvariantCulture);
}
