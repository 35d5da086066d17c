using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Report.Tests.Browser;

/// <summary>What is in the drawings, by their downloads.</summary>
public partial class ChartsInBrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task AFigureIsDownloadedAsSvgAsPngAndAsItsNumbers()
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync());
        await page.DrawAllAsync();

        (await page.DownloadAsync("SVG"))[..4].ShouldBe("<svg"u8.ToArray());
        (await page.DownloadAsync("PNG"))[..4].ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
        Encoding
            .UTF8.GetString(await page.DownloadAsync("CSV"))
            .Split('\n')[..2]
            .ShouldBe(["d_model,batch,ratio,low,high,verdict", "64,1,0.5,0.499,0.501,faster"]);
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnInconclusiveBoxIsHatchedFromEdgeToEdge()
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync());
        await page.DrawAllAsync();

        var drawing = Encoding.UTF8.GetString(await page.DownloadAsync("SVG"));

        var strokes = HatchStroke()
            .Matches(drawing)
            .Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))
            .Order()
            .ToList();
        strokes.Count.ShouldBeGreaterThan(40); // 40 of them, those across the number in two parts
        strokes.Zip(strokes.Skip(1), (a, b) => b - a).Max().ShouldBeLessThan(20);
        (strokes[^1] - strokes[0]).ShouldBeGreaterThan(400); // one of two columns of a page of 1,200
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task AxesHaveTheirUnits()
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync());
        await page.DrawAllAsync();

        Encoding.UTF8.GetString(await page.DownloadAsync("SVG", "lines")).ShouldContain(">1ms<");
        await page["#lines-metric"].SelectOptionAsync("peak memory");
        await Assertions.Expect(page["#lines"]).ToHaveAttributeAsync("data-drawn", "2");
        Encoding.UTF8.GetString(await page.DownloadAsync("SVG", "lines")).ShouldContain(">1 MiB<");
        page.Said.ShouldBeEmpty();
    }

    /// <summary>Where a stroke begins, from the left.</summary>
    [GeneratedRegex(@"<line [^>]*?transform=""translate\(([\d.]+),[\d.]+\)""[^>]* opacity=""0\.3""")]
    private static partial Regex HatchStroke();
}
