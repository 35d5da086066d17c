using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Report.Data;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Report.Tests.Browser;

/// <summary>A page in a real browser, from its file, with no network.</summary>
public class ReportInBrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task EveryFigureOfATimedRunIsDrawnAndNothingIsSaidOnTheConsole()
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync());

        (await page.DrawAllAsync()).ShouldBe([
            "win-map",
            "forest",
            "lines",
            "roofline",
            "pareto",
            "launches",
            "quantiles",
        ]);

        await page.ScreenAsync("report-light");
        (await page["#answer"].InnerTextAsync()).ShouldContain("ffn.conv1d is faster than ffn.dense in 1 of 4 cells");
        (await page[".chart canvas"].CountAsync()).ShouldBe(7);
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatWasLearntHasItsCurvesAndItsMatrix()
    {
        await using var run = new MadeRun("learnt").Trained(0, 1, 64, ("conv", 0.5), ("relu", 0.99), ("wild", null));
        await using var page = await chromium.OpenAsync(await run.ReadAsync());

        (await page.DrawAllAsync()).ShouldBe(["learning", "interaction"]);

        await page.ScreenAsync("report-learnt");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task ChoosersAreUsedWithTheKeyboardAndKeepTheFocus()
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync());
        await page.DrawAllAsync();
        var chooser = page["#win-map-x"];
        (await chooser.InputValueAsync()).ShouldBe("d_model");

        await chooser.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowUp");

        await Assertions.Expect(page["#win-map"]).ToHaveAttributeAsync("data-drawn", "2");
        (await chooser.InputValueAsync()).ShouldBe("batch");
        await Assertions.Expect(chooser).ToBeFocusedAsync();
        (await page["#win-map .canvas"].GetAttributeAsync("aria-label")).ShouldBe(
            "Heat map of ffn.conv1d over batch and d_model: 4 cells, 1 faster, 1 slower, 1 inconclusive."
        );
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheTableSortsFiltersAndShowsSamples()
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync());
        var ratios = page["table.cells tbody tr:not(.detail) td:nth-child(7)"];

        var sort = page[".sort:text-is('ratio')"];
        await sort.PressAsync("Enter");
        (await ratios.First.InnerTextAsync()).ShouldStartWith("0.50");
        await sort.PressAsync("Enter");
        (await ratios.First.InnerTextAsync()).ShouldStartWith("2.00");
        await Assertions.Expect(page["th[aria-sort=descending]"]).ToHaveTextAsync("ratio");

        await page["#cells-search"].FillAsync("batch=4 CONV1D");
        await Assertions.Expect(page["#cells .status"]).ToHaveTextAsync("Rows 1 to 3 of 3 (12 in all)");
        await page["#cells-search"].FillAsync("");
        await page["#cells-verdict"].SelectOptionAsync("faster");
        await Assertions.Expect(page["#cells .status"]).ToHaveTextAsync("Rows 1 to 1 of 1 (12 in all)");

        await page["table.cells .open"].First.PressAsync("Enter");
        (await page[".detail .strip circle"].CountAsync()).ShouldBe(2 + 2 * 6 * MadeRun.Blocks);
        (await page[".detail tbody tr"].CountAsync()).ShouldBe(6);
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task DarkIsFollowedAlsoWhereItChangesLater()
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync(), ColorScheme.Dark);
        await page.DrawAllAsync();

        await page.ScreenAsync("report-dark");
        (await page.BackgroundAsync()).ShouldBe("rgb(15, 18, 22)");
        await page.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Assertions.Expect(page["#win-map"]).ToHaveAttributeAsync("data-drawn", "2");
        (await page.BackgroundAsync()).ShouldBe("rgb(255, 255, 255)");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task APhoneNeedsNoScrollingSideways()
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync(), size: (360, 740));
        await page.DrawAllAsync();

        await page.ScreenAsync("report-phone");
        (await page.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(
            360
        );
        page.Said.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task NoSeriousBarrierIsFound(ColorScheme scheme)
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync(), scheme);
        await page.DrawAllAsync();
        await page["table.cells .open"].First.ClickAsync();
        await page["#environment summary"].First.ClickAsync();

        (await page.SeriousAsync()).ShouldBe("");
    }

    [Fact]
    public async Task HostileNamesRunNothing()
    {
        const string hostile =
            "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{1}}${alert(3)}'\"\u2028";
        await using var run = new MadeRun(hostile, hostile)
            .Timed(0, 1, 64, 0.5, second: hostile)
            .Timed(1, 4, 64, 0.5, second: hostile)
            .Ended(2, 4, 128, new Outcome.Failed(hostile));
        await using var page = await chromium.OpenAsync(await run.ReadAsync());
        await page.DrawAllAsync();
        await page["table.cells .open"].First.ClickAsync();

        (await page["h1"].InnerTextAsync()).ShouldStartWith("</script><script>alert(1)</script><img");
        (await page["img"].CountAsync()).ShouldBe(0);
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheTableIsWholeOnADesktop()
    {
        await using var page = await chromium.OpenAsync(await ReportPages.TimedAsync(), size: (1000, 800));

        (await page.CutOffAsync("[aria-label='Table of cells']")).ShouldBe(0);
    }

    [Fact]
    public async Task AnEmptyRunAndARunOfOneCellAreShown()
    {
        await using var empty = new MadeRun();
        await using (var page = await chromium.OpenAsync(await empty.ReadAsync()))
        {
            (await page["#answer"].InnerTextAsync()).ShouldContain("Nothing has been measured yet.");
            page.Said.ShouldBeEmpty();
        }

        await using var one = new MadeRun().Timed(0, 1, 64, 0.5, count: 1);
        await using (var page = await chromium.OpenAsync(await one.ReadAsync()))
        {
            (await page.DrawAllAsync()).ShouldBe(["win-map", "forest", "roofline", "pareto"]);
            page.Said.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task TimeMemoryAndAccuracyAreWeighedTogetherWhereAllThreeAreKnown()
    {
        await using var run = new MadeRun()
            .Timed(0, 1, 64, 2)
            .Trained(1, 1, 64, (MadeRun.Dense, 0.5), (MadeRun.Conv, 0.9));
        await using var page = await chromium.OpenAsync(await run.ReadAsync());
        (await page.DrawAllAsync()).ShouldContain("pareto");
        var said = page["#pareto .canvas"];

        // The second takes twice the time and more memory, and learns more: of all three, neither is beaten.
        (await page["#pareto-y"].InputValueAsync()).ShouldBe("peak memory and pairwise accuracy");
        (await said.GetAttributeAsync("aria-label"))!.ShouldEndWith($"on the front: {MadeRun.Dense}, {MadeRun.Conv}.");
        await page["#pareto-y"].SelectOptionAsync("peak memory");
        await Assertions.Expect(page["#pareto"]).ToHaveAttributeAsync("data-drawn", "2");

        (await said.GetAttributeAsync("aria-label"))!.ShouldEndWith($"on the front: {MadeRun.Dense}.");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task TwoRunsAreShownByWhatBecameSlower()
    {
        var changes = Enumerable
            .Range(0, 4)
            .Select(i => new ComparedCell(
                Tests.Data.Made.Cell() with
                {
                    Index = i,
                    Id = new CellId($"{i:x2}"),
                    Point = new Dictionary<string, AxisValue> { ["batch"] = AxisValue.Of(1 << i) },
                },
                "a",
                new Interval(1 + 0.1 * i, 0.99 + 0.1 * i, 1.01 + 0.1 * i, 6),
                new Judgement(i == 0 ? Verdict.Equivalent : Verdict.Slower, 0.001)
            ));
        var frame = new ComparisonFrame(
            "b ÷ a",
            "ffn",
            "axes: {batch: [1, 2, 4, 8]}",
            new VerdictRule { Margin = 0.05 },
            ["drift: the machine moved by 1%"],
            "layerbench report --compare a b",
            "0.1.0",
            MadeRun.Noon
        );
        await using var page = await chromium.OpenAsync(ComparisonReport.Of([.. changes], frame));

        (await page.DrawAllAsync()).ShouldBe(["win-map", "forest", "lines"]);
        (await page["#answer"].InnerTextAsync()).ShouldContain(
            "a: B is slower than A in 3 of 4 cells, by up to 1.30×; 1 is equivalent."
        );
        (await page["#trust dd"].InnerTextAsync()).ShouldBe("The machine moved by 1%.");
        (await page["#win-map h3"].InnerTextAsync()).ShouldBe("What became faster or slower");
        (await page["#win-map .about"].InnerTextAsync()).ShouldStartWith("Time in B ÷ time in A:");
        page.Said.ShouldBeEmpty();
    }
}
