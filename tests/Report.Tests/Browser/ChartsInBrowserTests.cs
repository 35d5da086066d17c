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
        (await page.NumbersAsync("win-map"))[..2]
            .ShouldBe([
                "variant,baseline,d_model,batch,ratio,low,high,verdict",
                "ffn.conv1d,ffn.dense,64,1,0.5,0.499,0.501,faster",
            ]);
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheNumbersSayOfWhatAndWhereTheyAre()
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync());
        await page.DrawAllAsync();

        await page.ChooseAsync("win-map", "y", "(none)");
        await page.ChooseAsync("win-map", "at-batch", "4");
        (await page.NumbersAsync("win-map")).ShouldBe([
            "variant,baseline,batch,d_model,ratio,low,high,verdict",
            "ffn.conv1d,ffn.dense,4,64,1,0.998,1.002,equivalent",
            "ffn.conv1d,ffn.dense,4,128,1.0328,0.735,1.365,inconclusive",
        ]);

        (await page.NumbersAsync("lines"))[..2]
            .ShouldBe(["variant,d_model,batch,seconds,low,high", "ffn.dense,64,1,0.0010026,0.0010001,0.0010051"]);
        await page.ChooseAsync("lines", "metric", "peak memory");
        (await page.NumbersAsync("lines"))[..3]
            .ShouldBe([
                "variant,d_model,batch,bytes,low,high",
                "ffn.dense,64,1,1048600,1048600,1048600",
                "ffn.conv1d,64,1,1572900,1572900,1572900",
            ]);
        await page.ChooseAsync("lines", "metric", "ratio");
        (await page.NumbersAsync("lines"))[..2]
            .ShouldBe(["variant,baseline,d_model,batch,ratio,low,high", "ffn.conv1d,ffn.dense,64,1,0.5,0.499,0.501"]);
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhereThereAreTooManyPointsASampleOfAllSidesIsDrawnAndTheNumbersAreOfAll()
    {
        await using var run = new MadeRun();
        for (var cell = 0; cell < 2_100; cell++)
        {
            run.Timed(cell, 1 + cell % 100, 64 * (1 + cell / 100), cell % 2 == 0 ? 0.5 : 2, count: 2);
        }

        await using var page = await chromium.OpenAsync(await run.ReadAsync());
        await page.DrawAllAsync();

        await Assertions.Expect(page["#roofline .nothing"]).ToHaveTextAsync("4000 of 4200 drawn; the CSV has all.");
        (await page["#roofline .canvas"].GetAttributeAsync("aria-label"))!.ShouldStartWith(
            "Roofline: 4000 of 4200 points of 2 variants "
        );
        (await page.NumbersAsync("roofline")).Length.ShouldBe(1 + 4200);
        await Assertions.Expect(page["#launches .nothing"]).ToHaveTextAsync("4000 of 8400 drawn; the CSV has all.");
        (await page.NumbersAsync("launches")).Length.ShouldBe(1 + 8400 + 8, "canaries too");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task AxesOfCellsThatTrainAreNotOfferedWhereTimesAreShown()
    {
        await using var run = new MadeRun(axes: "learning_rate: [0.1, 0.2, 0.3, 0.4]")
            .Timed(0, 1, 64, 0.5)
            .Timed(1, 1, 128, 1)
            .Timed(2, 1, 256, 2);
        for (var i = 0; i < 4; i++)
        {
            run.Trained(3 + i, 1, 64, (MadeRun.Dense, 0.5), (MadeRun.Conv, 0.9)).At("learning_rate", 0.1 * (1 + i));
        }

        await using var page = await chromium.OpenAsync(await run.ReadAsync());
        await page.DrawAllAsync();

        (await page["#win-map .canvas"].GetAttributeAsync("aria-label"))!.ShouldStartWith(
            "Heat map of ffn.conv1d over d_model: 3 cells"
        );
        (await page["#lines .canvas"].GetAttributeAsync("aria-label"))!.ShouldStartWith(
            "time along d_model, 2 variants at 3 values."
        );
        (await page["#forest select, #win-map select, #lines select"].AllAsync()).Count.ShouldBe(
            4,
            "order and verdict and d_model of the forest; what the lines show"
        );
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task NamesAboveSamplesAreFolded()
    {
        await using var run = new MadeRun().Beside(
            0,
            1,
            64,
            "mix.gconv_direct",
            "mix.attention",
            "mix.gconv_circulant",
            "mix.gconv_fft",
            "mix.mlp"
        );
        await using var page = await chromium.OpenAsync(await run.ReadAsync());

        await page["table.cells .open"].First.ClickAsync();

        var names = await page.Page.EvaluateAsync<double[][]>(
            """
            () => [...document.querySelectorAll(".strip text")]
              .filter(t => t.textContent.startsWith("mix."))
              .map(t => t.getBBox())
              .map(b => [b.x, b.y, b.x + b.width, b.y + b.height])
            """
        );
        names.Length.ShouldBe(5);
        names.ShouldAllBe(n => n[0] > 0 && n[2] < 640);
        names
            .SelectMany((a, i) => names.Skip(i + 1).Select(b => (a, b)))
            .ShouldAllBe(p => p.a[2] < p.b[0] || p.b[2] < p.a[0] || p.a[3] <= p.b[1] || p.b[3] <= p.a[1]);
        var marks = await page.Page.EvaluateAsync<double[]>(
            """
            () => [...document.querySelectorAll(".strip circle[fill-opacity]")].map(c => c.getBBox().y)
            """
        );
        marks.Min().ShouldBeGreaterThan(names.Max(n => n[3]) - 2);
        marks.Length.ShouldBe(5 * 6 * MadeRun.Blocks);
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
        await page.ChooseAsync("lines", "metric", "peak memory");
        Encoding.UTF8.GetString(await page.DownloadAsync("SVG", "lines")).ShouldContain(">1 MiB<");
        page.Said.ShouldBeEmpty();
    }

    /// <summary>Where a stroke begins, from the left.</summary>
    [GeneratedRegex(@"<line [^>]*?transform=""translate\(([\d.]+),[\d.]+\)""[^>]* opacity=""0\.3""")]
    private static partial Regex HatchStroke();
}
