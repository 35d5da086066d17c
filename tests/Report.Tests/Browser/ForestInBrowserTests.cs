using System.Globalization;
using System.Text;
using Layerbench.Core;
using Layerbench.Core.Statistics;
using Layerbench.Report.Data;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Report.Tests.Browser;

/// <summary>Ratios of more cells than one drawing has room for.</summary>
public class ForestInBrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const int Sizes = 20;
    private const int Cells = 7 * Sizes;

    [Fact]
    public async Task EveryCellIsReachedByPagesOrdersAndFiltersAndTheCsvHasAllThatAreChosen()
    {
        await using var page = await chromium.OpenAsync(Many());
        await page.DrawAllAsync();
        await ShowsAsync(page, "1 to 60 of 140");
        await Assertions.Expect(Button(page, "Previous")).ToBeDisabledAsync();

        await Button(page, "Next").PressAsync("Enter");
        await ShowsAsync(page, "61 to 120 of 140");
        await Button(page, "Next").ClickAsync();
        await ShowsAsync(page, "121 to 140 of 140");
        await Assertions.Expect(Button(page, "Next")).ToBeDisabledAsync();
        (await page.SeriousAsync()).ShouldBe("");

        await page["#forest-order"].SelectOptionAsync("ratio, greatest first");
        await ShowsAsync(page, "1 to 60 of 140");
        var all = await CsvAsync(page);
        all.Length.ShouldBe(Cells);
        all[0].ShouldContain($",{Ratio(Cells - 1)},");
        all[^1].ShouldContain($",{Ratio(0)},");
        var drawn = int.Parse((await page["#forest"].GetAttributeAsync("data-drawn"))!, CultureInfo.InvariantCulture);
        await page["#forest-order"].SelectOptionAsync("ratio, least first");
        await Assertions
            .Expect(page["#forest"])
            .ToHaveAttributeAsync("data-drawn", (drawn + 1).ToString(CultureInfo.InvariantCulture));
        (await CsvAsync(page))[0].ShouldContain($",{Ratio(0)},");

        await page["#forest-only-batch"].SelectOptionAsync("4");
        await Assertions
            .Expect(page["#forest .canvas"])
            .ToHaveAttributeAsync("aria-label", $"Ratios of a with intervals, {Sizes} of {Sizes} cells.");
        await Assertions.Expect(page["#forest .pages"]).ToBeHiddenAsync();
        (await CsvAsync(page)).ShouldAllBe(l => l.StartsWith("batch=4 ", StringComparison.Ordinal));
        await page["#forest-verdict"].SelectOptionAsync("equivalent");
        await Assertions.Expect(page["#forest .nothing"]).ToContainTextAsync("Nothing was measured there");
        page.Said.ShouldBeEmpty();
    }

    private static string Ratio(int index) => (1 + 0.01 * index).ToString("0.##", CultureInfo.InvariantCulture);

    private static Task ShowsAsync(OpenPage page, string text) =>
        Assertions.Expect(page["#forest .pages [role=status]"]).ToHaveTextAsync(text);

    private static ILocator Button(OpenPage page, string name) => page[$"#forest .pages button:text-is('{name}')"];

    /// <summary>Its lines, less the header.</summary>
    private static async Task<string[]> CsvAsync(OpenPage page)
    {
        var download = await page.Page.RunAndWaitForDownloadAsync(() =>
            page["#forest"].GetByRole(AriaRole.Button, new() { Name = "as CSV" }).ClickAsync()
        );
        using var text = new StreamReader(await download.CreateReadStreamAsync(), Encoding.UTF8);
        return (await text.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
    }

    /// <summary>Ratios from 1 upwards; the first cell, of batch 1, is equivalent.</summary>
    private static ReportData Many() =>
        ComparisonReport.Of(
            [
                .. Enumerable
                    .Range(0, Cells)
                    .Select(i => new ComparedCell(
                        Tests.Data.Made.Cell() with
                        {
                            Index = i,
                            Id = new CellId($"{i:x4}"),
                            Point = new Dictionary<string, AxisValue>
                            {
                                ["batch"] = AxisValue.Of(1 << (i / Sizes)),
                                ["d_model"] = AxisValue.Of(i % Sizes),
                            },
                        },
                        "a",
                        new Interval(1 + 0.01 * i, 0.99 + 0.01 * i, 1.01 + 0.01 * i, 6),
                        new Judgement(i == 0 ? Verdict.Equivalent : Verdict.Slower, 0.001)
                    )),
            ],
            new ComparisonFrame(
                "b ÷ a",
                "ffn",
                "axes: {batch: [1, 2, 4, 8, 16, 32, 64], d_model: [1, 2]}",
                new VerdictRule { Margin = 0.05 },
                [],
                "layerbench report --compare a b",
                "0.1.0",
                MadeRun.Noon
            )
        );
}
