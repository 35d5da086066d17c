using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;
using Microsoft.Playwright;

namespace Layerbench.Bench;

/// <summary>The live page over a store of 100,000 cells, asked of the command's own server, and seen in Chromium.</summary>
internal static class WebScale
{
    private const int Cells = 100_000;
    private const int Asked = 100;
    private const string Browser = "/usr/bin/chromium";

    private static readonly TimeSpan patience = TimeSpan.FromMinutes(20);

    public static async Task RunAsync()
    {
        Machine.Title(string.Create(CultureInfo.InvariantCulture, $"The live page over {Cells:N0} cells"));
        var program = Path.Combine(AppContext.BaseDirectory, "../../Layerbench.Cli/release/layerbench");
        if (!File.Exists(program))
        {
            Machine.Line("left out", $"{program} is not there; dotnet build Client/Cli -c Release");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("layerbench-bench-");
        try
        {
            var run = folder.CreateSubdirectory("made").FullName;
            await using (var store = SqliteResultStore.Open(Path.Combine(run, OutputFolder.StoreName)))
            {
                await MadeStores.FillAsync(store, Cells, blocks: 2);
            }

            using var server = Process.Start(
                new ProcessStartInfo(program, ["serve", folder.FullName, "--port", "0"])
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                }
            )!;
            try
            {
                var address = (await server.StandardOutput.ReadLineAsync())!.Split('/')[2];
                await AskAsync($"http://{address}", server);
            }
            finally
            {
                server.Kill(entireProcessTree: true);
                await server.WaitForExitAsync();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task AskAsync(string address, Process server)
    {
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = patience };
        const string sweep = "/api/v1/sweeps/made-1";
        var clock = Stopwatch.StartNew();
        while (await JudgedAsync(client, sweep) < Cells)
        {
            await Task.Delay(500);
        }

        Machine.Line("read and judged after the first question", clock.Elapsed.TotalSeconds, "s", "N1");
        await TimeAsync("list of sweeps", client, _ => "/api/v1/sweeps?limit=50");
        await TimeAsync("overview", client, _ => $"{sweep}/overview");
        await TimeAsync("map over two axes", client, _ => $"{sweep}/map?x=batch&y=d_model");
        await TimeAsync("map at one value of an axis", client, n => $"{sweep}/map?x=d_model&y=&at.batch={1 + n % 100}");
        await TimeAsync("rows, next page", client, n => $"{sweep}/rows?offset={50 * n}");
        await TimeAsync(
            "rows, filtered and sorted anew",
            client,
            n => $"{sweep}/rows?sort=ratio&order=desc&find=batch={1 + n % 100}"
        );
        await TimeAsync(
            "rows, all sorted by another column",
            client,
            n => $"{sweep}/rows?sort={Column(n)}&find=e{n % 7}"
        );
        await TimeAsync("latest incidents", client, _ => $"{sweep}/incidents/latest");
        server.Refresh();
        Machine.Line("the server's memory", server.WorkingSet64 / 1e6, "MB");
        await PaintAsync(address);
    }

    private static string Column(int n) =>
        (n % 4) switch
        {
            0 => "time",
            1 => "ratio",
            2 => "batch",
            _ => "verdict",
        };

    private static async Task<long> JudgedAsync(HttpClient client, string sweep)
    {
        using var overview = JsonDocument.Parse(await client.GetStringAsync($"{sweep}/overview"));
        return overview.RootElement.GetProperty("judged").GetInt64();
    }

    private static async Task TimeAsync(string what, HttpClient client, Func<int, string> path)
    {
        var times = new List<double>();
        for (var n = 0; n < Asked; n++)
        {
            var clock = Stopwatch.StartNew();
            using var response = await client.GetAsync(path(n));
            response.EnsureSuccessStatusCode();
            _ = await response.Content.ReadAsByteArrayAsync();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        Machine.Line(
            $"{what}: median, p95",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{times[Asked / 2]:N1} ms, {times[Asked * 95 / 100]:N1} ms (asked: p95 at most 200)"
            )
        );
    }

    private static async Task PaintAsync(string address)
    {
        if (!File.Exists(Browser))
        {
            Machine.Line("paint", $"left out: {Browser} is not there");
            return;
        }

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Browser, Args = ["--no-sandbox", "--disable-gpu"] }
        );
        foreach (var (what, at) in ((string, string)[])[("list", "#/"), ("sweep", "#/sweeps/made-1")])
        {
            var paints = new List<double>();
            var readies = new List<double>();
            var bytes = 0.0;
            for (var n = 0; n < 5; n++)
            {
                await using var context = await browser.NewContextAsync();
                var page = await context.NewPageAsync();
                await page.GotoAsync($"{address}/{at}");
                var text = at == "#/" ? "table.list tbody tr" : "#map td.faster";
                await page.Locator(text).First.WaitForAsync();
                paints.Add(
                    await page.EvaluateAsync<double>(
                        "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
                    )
                );
                readies.Add(await page.EvaluateAsync<double>("() => performance.now()"));
                bytes = await page.EvaluateAsync<double>(
                    "() => performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((n, e) => n + e.transferSize, 0)"
                );
            }

            Machine.Line($"{what}: first contentful paint", Machine.Median(paints), "ms (asked: at most 1,000)");
            Machine.Line($"{what}: its content there, as seen from outside", Machine.Median(readies), "ms");
            Machine.Line($"{what}: all that was sent, data too", bytes / 1e3, "kB (asked: at most 300)");
        }
    }
}
