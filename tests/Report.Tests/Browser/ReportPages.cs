using System.Globalization;
using System.Text;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Report.Data;
using Layerbench.Report.Page;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Report.Tests.Browser;

/// <summary>Reports in the browser, each from a file, with no network.</summary>
internal static class ReportPages
{
    public static async Task<OpenPage> OpenAsync(
        this Chromium chromium,
        ReportData data,
        ColorScheme scheme = ColorScheme.Light,
        (int Width, int Height)? size = null
    )
    {
        Assert.SkipWhen(PageAssets.OfBuild.Script is null, $"built without charts: {PageAssets.OfBuild.Missing}");
        var folder = Directory.CreateTempSubdirectory("layerbench-page-");
        try
        {
            var file = Path.Combine(folder.FullName, "report.html");
            await using (var stream = File.Create(file))
            {
                await ReportPage.WriteAsync(stream, data, assets: null, TestContext.Current.CancellationToken);
            }

            return await chromium.OpenAsync(new Uri(file).AbsoluteUri, network: false, scheme, size);
        }
        finally
        {
            folder.Delete(recursive: true); // it is in the browser
        }
    }

    /// <summary>Four compared cells, one of each verdict; two controls.</summary>
    public static async Task<ReportData> TimedAsync()
    {
        await using var run = new MadeRun()
            .Timed(0, 1, 64, 0.5)
            .Timed(1, 1, 128, 2)
            .Timed(2, 4, 64, 1)
            .Timed(3, 4, 128, 1.05, spread: 0.3)
            .Timed(4, 1, 64, 1, second: Controls.SameLabel)
            .Ended(5, 4, 128, new Outcome.Skipped("needs 90 GB"));
        return await run.ReadAsync();
    }

    /// <summary>What a figure's button gives.</summary>
    /// <param name="kind">SVG, PNG or CSV.</param>
    public static async Task<byte[]> DownloadAsync(this OpenPage page, string kind, string figure = "win-map")
    {
        var download = await page.Page.RunAndWaitForDownloadAsync(() =>
            page[$"#{figure}"].GetByRole(AriaRole.Button, new() { Name = $"as {kind}" }).ClickAsync()
        );
        await using var stream = await download.CreateReadStreamAsync();
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>Lines of a figure's CSV, the header first.</summary>
    public static async Task<string[]> NumbersAsync(this OpenPage page, string figure) =>
        Encoding
            .UTF8.GetString(await page.DownloadAsync("CSV", figure))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Chooses, and waits until it is drawn.</summary>
    public static async Task ChooseAsync(this OpenPage page, string figure, string chooser, string value)
    {
        var drawn = int.Parse(
            (await page[$"#{figure}"].GetAttributeAsync("data-drawn"))!,
            CultureInfo.InvariantCulture
        );
        await page[$"#{figure}-{chooser}"].SelectOptionAsync(value);
        await Assertions
            .Expect(page[$"#{figure}"])
            .ToHaveAttributeAsync("data-drawn", (drawn + 1).ToString(CultureInfo.InvariantCulture));
    }
}
