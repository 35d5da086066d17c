using System.ComponentModel;
using System.Diagnostics;
using Layerbench.Core;

namespace Layerbench.LocalCluster.Processes;

/// <summary>Runs a program that does one thing and ends.</summary>
internal static class Tool
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    /// <returns>Its standard output.</returns>
    /// <exception cref="BadInputException">It could not be started, failed or did not end.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Another user may run it, who may not enter the folder that this process is in.
            WorkingDirectory = "/",
        };
        Process process;
        try
        {
            process = Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new BadInputException($"'{command[0]}' cannot be started: {e.Message}", e);
        }

        using (process)
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            limit.CancelAfter(patience);
            try
            {
                process.StandardInput.Close();
                var output = process.StandardOutput.ReadToEndAsync(limit.Token);
                var error = process.StandardError.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0
                    ? await output
                    : throw new BadInputException(
                        $"'{string.Join(' ', command)}' failed ({process.ExitCode}): {Last(await error, await output)}"
                    );
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new BadInputException($"'{string.Join(' ', command)}' did not end in {patience.TotalSeconds} s");
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
    }

    private static string Last(params string[] texts) =>
        texts.SelectMany(t => t.Split('\n')).LastOrDefault(l => l.Trim().Length > 0)?.Trim() ?? "it said nothing";
}
