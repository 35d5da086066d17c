using System.Xml.Linq;
using Layerbench.Report.Pictures;

namespace Layerbench.Report.Tests;

public class WinMapSvgTests
{
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    [Fact]
    public async Task EachCellIsABoxWithItsRatioAndUndecidedOnesAreHatched()
    {
        await using var run = new MadeRun()
            .Timed(0, 1, 64, 0.5)
            .Timed(1, 1, 128, 2)
            .Timed(2, 4, 64, 1)
            .Timed(3, 4, 128, 1.05, spread: 0.3);

        var picture = XDocument.Parse(WinMapSvg.Draw(await run.ReadAsync())!);

        var texts = picture.Descendants(svg + "text").Select(t => t.Value).ToList();
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
    public async Task NamesAreTextAndARunWithoutAComparisonHasNoPicture()
    {
        await using var run = new MadeRun("</svg><script>").Timed(0, 1, 64, 0.5);
        XDocument.Parse(WinMapSvg.Draw(await run.ReadAsync())!).Descendants(svg + "script").ShouldBeEmpty();

        await using var empty = new MadeRun();
        WinMapSvg.Draw(await empty.ReadAsync()).ShouldBeNull();
    }
}
