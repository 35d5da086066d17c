using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>Dask distributed on the same machine in the same run, so that the ratio is of one machine in one state.</summary>
internal static class Dask
{
    private const int Workers = 3;

    // What a task costs does not hang on how many there are, and a hundred thousand take minutes.
    private const int Tasks = 10_000;

    public static async Task<bool> RunAsync(BenchOptions options)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "dask_tasks.py");
        var start = new ProcessStartInfo(
            "/usr/bin/python3",
            [script, Tasks.ToString(CultureInfo.InvariantCulture), Workers.ToString(CultureInfo.InvariantCulture)]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            var said = (await error).Split('\n').LastOrDefault(l => l.Trim().Length > 0)?.Trim();
            Machine.Line("not measured", $"{said}; apt-get install --no-install-recommends python3-distributed");
            return true;
        }

        using var found = JsonDocument.Parse(output);
        var micros = found.RootElement.GetProperty("cpu_seconds").GetDouble() * 1e6 / Tasks;
        var rate = Tasks / found.RootElement.GetProperty("seconds").GetDouble();
        Machine.Line("Dask distributed", found.RootElement.GetProperty("version").GetString()!);
        Machine.Line("tasks a second", rate.ToString("N0", CultureInfo.InvariantCulture));
        Machine.Line("processor time", $"{micros.ToString("N0", CultureInfo.InvariantCulture)} µs a task");
        if (Throughput.MicrosecondsPerCell is { } ours)
        {
            Machine.Line("its processor time over ours, in this run", Figures.Of(micros / ours));
        }

        return true;
    }
}
