using System.Diagnostics;

namespace Layerbench.Deploy.Tests.Tools;

/// <summary>What a program said, and how it ended.</summary>
internal sealed record Said(int ExitCode, string Output, string Error)
{
    /// <summary>Fails the test with all that was said where the program failed.</summary>
    public Said ShouldSucceed()
    {
        ExitCode.ShouldBe(0, $"{Output}\n{Error}");
        return this;
    }
}

/// <summary>Programs that the checks are made with; a test is skipped where one is not here.</summary>
internal static class Tool
{
    /// <summary>The program's path, or the test is skipped and says how to get it.</summary>
    public static string Need(string name, string package)
    {
        // ./test puts there what it takes out of a package without installing it.
        string[] folders =
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
            Repository.At("artifacts", "tools", "usr", "bin"),
        ];
        var found = folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{name} is not here ({package})");
        return found!;
    }

    public static async Task<Said> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return new Said(process.ExitCode, await output, await error);
    }
}
