using System.Diagnostics;
using System.Text.Json;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests;

/// <summary>What a worker answers to <c>--describe</c>.</summary>
internal static class WorkerDescription
{
    public static async Task<BackendInfo> ReadAsync(params string[] command)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Process.Start(
            new ProcessStartInfo(command[0], [.. command.Skip(1), "--describe"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return JsonSerializer.Deserialize<BackendInfo>(output, ProtocolJson.Options)!;
    }
}
