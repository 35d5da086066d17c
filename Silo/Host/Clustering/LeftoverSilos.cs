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
/// whose port takes no connection; where its machine answers that nobody listens there,
/// <see cref="ClusterMembership.UnseenAndRefused"/> is enough. Those that live were seen a moment ago, so only after a loss is
/// there anything to wait for.
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
        var limits = await Task.WhenAll(others.Select(async r => (Row: r, Limit: await LimitAsync(r, cancellation))));
        List<(MembershipRow Row, TimeSpan Limit)> silent =
        [
            .. limits.Where(l => l.Limit is not null).Select(l => (l.Row, l.Limit!.Value)),
        ];
        List<(MembershipRow Row, TimeSpan Limit)> gone = [.. silent.Where(s => s.Row.Unseen >= s.Limit)];
        foreach (var alike in gone.GroupBy(g => g.Limit, g => g.Row))
        {
            var dead = await rows.DeclareDeadAsync([.. alike], alike.Key, cancellation);
            LogDead(dead, string.Join(", ", alike.Select(g => $"{g.Address}:{g.Port}")));
        }

        return silent.Count > gone.Count;
    }

    /// <summary>For how long one must have said nothing to be gone; null: it takes connections.</summary>
    private static async Task<TimeSpan?> LimitAsync(MembershipRow row, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(answer);
        try
        {
            await client.ConnectAsync(IPAddress.Parse(row.Address), row.Port, limit.Token);
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused
                ? ClusterMembership.UnseenAndRefused
                : ClusterMembership.Unseen;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ClusterMembership.Unseen;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Dead} silos were gone without a word and are declared dead: {Silos}")]
    private partial void LogDead(int dead, string silos);
}
