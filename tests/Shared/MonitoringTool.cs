using System.Diagnostics;

namespace Layerbench.Tests.Shared;

/// <summary>Prometheus' programs; a test is skipped where they are not here.</summary>
internal static class MonitoringTool
{
    public static string Need(string name)
    {
        var found = Find(name);
        Assert.SkipWhen(found is null, $"{name} is not here (apt-get install prometheus, or ./test)");
        return found!;
    }

    /// <summary>Null: it is not here.</summary>
    public static string? Find(string name)
    {
        // ./test puts there what it takes out of the package without installing it.
        string[] folders =
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
            Checkout.File("artifacts", "tools", "usr", "bin"),
        ];
        return folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>What <c>promtool check metrics</c> says of an exposition; empty: nothing is wrong with it.</summary>
    public static async Task<string> LintAsync(string exposition)
    {
        var start = new ProcessStartInfo(Need("promtool"), ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(exposition);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return string.Concat(await said).Trim();
    }
}
