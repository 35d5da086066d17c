using System.Diagnostics;
using System.Globalization;
using Layerbench.Core.Analysis;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;
using Layerbench.Report.Data;
using Layerbench.Report.Page;

namespace Layerbench.Bench;

/// <summary>Reports of stores that hold what a real run leaves: two variants, six launches, ten blocks a cell.</summary>
internal static class ReportScale
{
    private const int Blocks = 10;

    public static async Task RunAsync()
    {
        Machine.Title("A report");
        await OneAsync(500, "(asked: at most 2)");
        await OneAsync(10_000, "");
    }

    private static async Task OneAsync(int cells, string asked)
    {
        var folder = Directory.CreateTempSubdirectory("layerbench-bench-");
        try
        {
            await using var store = SqliteResultStore.Open(Path.Combine(folder.FullName, OutputFolder.StoreName));
            var sweep = await MadeStores.FillAsync(store, cells, Blocks);
            var file = Path.Combine(folder.FullName, "report.html");
            var clock = Stopwatch.StartNew();
            var data = await ReportReader.ReadAsync(store, sweep, new AnalysisRule(), "layerbench run made.yaml");
            var read = clock.Elapsed;
            await using (var stream = File.Create(file))
            {
                await ReportPage.WriteAsync(stream, data);
            }

            var whole = clock.Elapsed;
            var name = string.Create(CultureInfo.InvariantCulture, $"{cells:N0} cells, with {data.Detail}");
            Machine.Line($"{name}: read and judged", read.TotalSeconds, "s", "N2");
            Machine.Line(
                $"{name}: read and written",
                whole.TotalSeconds,
                cells == 10_000 ? "s (asked: at most 10)" : "s",
                "N2"
            );
            Machine.Line($"{name}: size", new FileInfo(file).Length / 1e6, $"MB {asked}", "N2");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
