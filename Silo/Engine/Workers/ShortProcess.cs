using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Layerbench.Engine.Workers;

/// <summary>How a program that should answer and exit did.</summary>
/// <param name="ExitCode">0 only where it exited with 0 within its time.</param>
/// <param name="Output">Its standard output, whole.</param>
/// <param name="Problem">What went wrong, in words.</param>
/// <param name="Stderr">The last of its standard error.</param>
internal sealed record ShortRun(int ExitCode, string Output, string? Problem, string Stderr)
{
    public string StderrSuffix => Stderr.Length == 0 ? "" : $": {LastLine(Stderr)}";

    public string OutputExcerpt =>
        Output.Length == 0 ? "nothing" : $"'{Output.Trim()[..Math.Min(80, Output.Trim().Length)]}'";

    private static string LastLine(string text) => text.TrimEnd().Split('\n')[^1].Trim();
}

/// <summary>Runs a program with no input, a deadline and bounded output, and kills its tree when it is late.</summary>
internal static class ShortProcess
{
    private const int MaximumOutputBytes = 16 * 1024 * 1024;

    public static async Task<ShortRun> RunAsync(
        WorkerCommand command,
        TimeSpan deadline,
        CancellationToken cancellation
    )
    {
        var info = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        Process process;
        try
        {
            process = await Spawner.StartAsync(info).ConfigureAwait(false);
        }
        catch (Win32Exception e)
        {
            return new ShortRun(-1, "", $"cannot be started: {e.Message}", "");
        }

        using (process)
        {
            process.StandardInput.Close();
            var stderr = new StderrTail();
            var output = new MemoryStream();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(deadline);
            try
            {
                await Task.WhenAll(
                        CopyAsync(process.StandardOutput.BaseStream, bytes => Keep(output, bytes), limit.Token),
                        CopyAsync(process.StandardError.BaseStream, stderr.Append, limit.Token)
                    )
                    .WaitAsync(limit.Token)
                    .ConfigureAwait(false);
                await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return new ShortRun(
                    -1,
                    "",
                    string.Create(CultureInfo.InvariantCulture, $"did not answer within {deadline.TotalSeconds:0} s"),
                    stderr.ToString()
                );
            }
            finally
            {
                KillIfAlive(process);
            }

            return output.Length > MaximumOutputBytes
                ? new ShortRun(-1, "", $"answered with more than {MaximumOutputBytes} bytes", stderr.ToString())
                : new ShortRun(
                    process.ExitCode,
                    Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length),
                    process.ExitCode == 0 ? null : ExitWords.Of(process.ExitCode),
                    stderr.ToString()
                );
        }
    }

    private static async Task CopyAsync(Stream stream, SpanAction keep, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is var count && count > 0)
        {
            keep(buffer.AsSpan(0, count));
        }
    }

    private delegate void SpanAction(ReadOnlySpan<byte> bytes);

    private static void Keep(MemoryStream output, ReadOnlySpan<byte> bytes)
    {
        if (output.Length <= MaximumOutputBytes)
        {
            output.Write(bytes);
        }
    }

    private static void KillIfAlive(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has exited.
        }
        catch (Win32Exception)
        {
            // It is exiting.
        }
    }
}
