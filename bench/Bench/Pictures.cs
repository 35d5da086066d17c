using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace Layerbench.Bench;

/// <summary>
/// The pictures of README and docs/: the table of a real sweep, and the same sweep run with its live page, seen in Chromium
/// while it goes on and when it has ended.
/// </summary>
internal static class Pictures
{
    private const string Browser = "/usr/bin/chromium";

    private const string Quickstart = "sweeps/quickstart.yaml";

    // Cells of one thread count are measured together: when one half has ended the other has not.
    private static readonly string[] sweep = [Quickstart, "--set", "threads=1,2"];

    private static readonly TimeSpan patience = TimeSpan.FromMinutes(30);

    public static async Task<int> RunAsync()
    {
        var root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../.."));
        var program = Path.Combine(root, "artifacts/bin/Layerbench.Cli/release/layerbench");
        if (!File.Exists(program) || !File.Exists(Browser))
        {
            Console.Error.WriteLine($"{program} or {Browser} is not there; dotnet build Client/Cli -c Release");
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("layerbench-pictures-");
        try
        {
            var images = Path.Combine(root, "docs/images");
            await TableAsync(program, root, folder.CreateSubdirectory("table").FullName, images);
            var live = folder.CreateSubdirectory("live").FullName;
            using var run = Process.Start(
                new ProcessStartInfo(program, ["run", .. sweep, "--out", live, "--web", "0"])
                {
                    UseShellExecute = false,
                    RedirectStandardError = true,
                    WorkingDirectory = root,
                }
            )!;
            var address = (await run.StandardError.ReadLineAsync())!.Split(' ')[1].TrimEnd('/');
            var rest = run.StandardError.ReadToEndAsync();
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(
                new() { ExecutablePath = Browser, Args = ["--no-sandbox", "--disable-gpu"] }
            );
            var id = await IdAsync(address);
            await SubmitAsync(browser, address, id, images);
            await LiveAsync(browser, address, id, images);
            await rest;
            await run.WaitForExitAsync();
            await ReportAsync(browser, Path.Combine(live, "report.html"), images);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task TableAsync(string program, string root, string run, string images)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, ["run", Quickstart, "--out", run])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                WorkingDirectory = root,
            }
        )!;
        var table = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var picture = TablePicture.Of($"./layerbench run {Quickstart}", table);
        await File.WriteAllTextAsync(Path.Combine(images, "quickstart.svg"), picture);
    }

    private static async Task<string> IdAsync(string address)
    {
        using var client = new HttpClient();
        using var list = JsonDocument.Parse(await client.GetStringAsync($"{address}/api/v1/sweeps"));
        return list.RootElement.GetProperty("sweeps")[0].GetProperty("id").GetString()!;
    }

    /// <summary>When the first half has ended, and its map is there.</summary>
    private static async Task LiveAsync(IBrowser browser, string address, string id, string images)
    {
        var page = await OpenAsync(browser, $"{address}/#/sweeps/{id}", height: 1230);
        await page.Locator("#map td.faster, #map td.slower, #map td.same")
            .Nth(5)
            .WaitForAsync(new() { Timeout = (float)patience.TotalMilliseconds });
        await page.ScreenshotAsync(new() { Path = Path.Combine(images, "live.png") });
    }

    private static async Task SubmitAsync(IBrowser browser, string address, string id, string images)
    {
        var page = await OpenAsync(browser, $"{address}/#/submit?from={id}", height: 880);
        var editor = page.Locator(".cm-content");
        await editor.ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync("headline: none\n");
        await page.Locator(".cm-wrong").First.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(images, "live-submit.png") });
    }

    private static async Task ReportAsync(IBrowser browser, string file, string images)
    {
        var page = await OpenAsync(browser, new Uri(file).AbsoluteUri, height: 1500);
        await page.Locator("#forest[data-drawn]").WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(images, "report.png") });
    }

    private static async Task<IPage> OpenAsync(IBrowser browser, string address, int height)
    {
        var page = await browser.NewPageAsync(
            new()
            {
                ViewportSize = new() { Width = 1200, Height = height },
                ColorScheme = ColorScheme.Light,
            }
        );
        await page.GotoAsync(address);
        await page.Locator("html[data-ready=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return page;
    }
}
