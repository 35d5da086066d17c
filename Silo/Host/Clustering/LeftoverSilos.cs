using System.Net;
using System.Net.Sockets;
using Layerbench.Engine.Stores.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Layerbench.Silo.Clustering;

/// <summary>
/// Before this silo joins, and after the store was opened (which brings the database to this build's schema): declares silos
/// dead that the table has as active and that are gone. Orleans does not let a silo join that cannot reach every active one, and those
/// that were all killed at once have left nobody to declare them dead.
/// </summary>
/// <remarks>
/// Gone is one that has not said for <see cref="ClusterMembership.Unseen"/> that it is there, by the database's clock, and
/// whose port takes no connection. Those that live were seen a moment ago, so only after a loss is there anything to wait for.
/// </remarks>
internal sealed partial class LeftoverSilos(
    MembershipRows rows,
    SiloSettings settings,
    TimeProvider time,
    ILogger<LeftoverSilos> logger
) : IHostedLifecycleService
{
    private static readonly TimeSpan answer = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>One that is seen and not reached is Orleans' to judge.</summary>
    private static readonly TimeSpan longest = ClusterMembership.Unseen + TimeSpan.FromSeconds(5);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (await AnyInDoubtAsync(cancellationToken) && time.GetElapsedTime(since) < longest)
        {
            await Task.Delay(lookAgain, time, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Declares dead what is gone; true: others do not answer, and were seen too short a time ago.</summary>
    private async Task<bool> AnyInDoubtAsync(CancellationToken cancellation)
    {
        // One of this silo's own address is its predecessor, which Orleans ends by itself.
        var others = (await rows.ActiveAsync(cancellation)).Where(r =>
            (r.Address, r.Port) != (settings.Address, settings.SiloPort)
        );
        var answers = await Task.WhenAll(
            others.Select(async r => (Row: r, There: await AnswersAsync(r, cancellation)))
        );
        List<MembershipRow> silent = [.. answers.Where(a => !a.There).Select(a => a.Row)];
        List<MembershipRow> gone = [.. silent.Where(r => r.Unseen >= ClusterMembership.Unseen)];
        if (gone.Count > 0)
        {
            var dead = await rows.DeclareDeadAsync(gone, ClusterMembership.Unseen, cancellation);
            LogDead(dead, string.Join(", ", gone.Select(g => $"{g.Address}:{g.Port}")));
        }

        return silent.Count > gone.Count;
    }

    private static async Task<bool> AnswersAsync(MembershipRow row, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(answer);
        try
        {
            await client.ConnectAsync(IPAddress.Parse(row.Address), row.Port, limit.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Dead} silos were gone without a word and are declared dead: {Silos}")]
    private partial void LogDead(int dead, string silos);
}
