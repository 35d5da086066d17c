using System.Runtime.CompilerServices;
using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Microsoft.Extensions.Logging;

namespace Layerbench.Grains.Devices;

/// <summary>
/// A lease in its holder's hands. The holder counts its time from before it asked, by a monotonic clock of its own, so it
/// always gives up before the sweep does, whatever the clocks of the two machines say and whether or not calls return.
/// </summary>
internal sealed partial class HeldLease(
    ISweepGrain sweep,
    LeaseToken token,
    long asked,
    ClusterTimes times,
    TimeProvider time,
    ILogger logger
)
{
    private const int RenewalsPerLease = 4;

    private long since = asked;
    private bool lost;

    private TimeSpan Left => times.Lease - time.GetElapsedTime(since);

    /// <summary>Runs the work and renews meanwhile.</summary>
    /// <param name="work">Given its soft stop and its kill.</param>
    /// <returns>What to tell; null where the lease was lost or the work killed.</returns>
    public async Task<IReadOnlyList<CellTold>?> KeepWhileAsync(
        Func<CancellationToken, CancellationToken, Task<IReadOnlyList<CellTold>>> work,
        CancellationToken stop,
        CancellationToken kill
    )
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var killing = CancellationTokenSource.CreateLinkedTokenSource(kill);
        // On a task of its own: a runner that blocks at its start must not hold up the renewals.
        var run = Task.Run(() => work(stopping.Token, killing.Token), CancellationToken.None);
        while (!run.IsCompleted)
        {
            var left = Left;
            if (left <= TimeSpan.Zero)
            {
                lost = true;
            }

            if (lost)
            {
                await killing.CancelAsync();
                await Ended(run);
                break;
            }

            var renewal = times.Lease / RenewalsPerLease;
            await Ended(((Task)run).WaitAsync(left < renewal ? left : renewal, time));
            if (!run.IsCompleted)
            {
                await RenewAsync(stopping);
            }
        }

        return await ToldAsync(run, killing.Token);
    }

    /// <summary>Tells until it is heard, the lease is over, or the device ends; null: it was not heard.</summary>
    public Task<TellAnswer?> TellAsync(IReadOnlyList<CellTold> told, CancellationToken kill) =>
        SayAsync(() => sweep.Tell(token, new SliceTold(told)), kill);

    private async Task<TellAnswer?> SayAsync(Func<Task<TellAnswer>> say, CancellationToken kill)
    {
        while (Left > TimeSpan.Zero && !kill.IsCancellationRequested)
        {
            try
            {
                return await say().WaitAsync(times.Call, time, kill);
            }
            catch (Exception error) when (error is not ArgumentException)
            {
                // The same token is told again: if the first was heard and its answer lost, that changes nothing.
                LogTellFailed(error, token);
                await Ended(Task.Delay(times.Poll, time, kill));
            }
        }

        return null;
    }

    private async Task RenewAsync(CancellationTokenSource stopping)
    {
        var left = Left;
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        var sent = time.GetTimestamp();
        try
        {
            var answer = await sweep.Renew(token).WaitAsync(left < times.Call ? left : times.Call, time);
            lost = answer == RenewAnswer.Stale;
            since = lost ? since : sent;
            if (answer == RenewAnswer.HeldToTheEnd)
            {
                await stopping.CancelAsync();
            }
        }
        catch (Exception error)
        {
            // Not an answer: it is asked again while the lease has time left.
            LogRenewFailed(error, token);
        }
    }

    private async Task<IReadOnlyList<CellTold>?> ToldAsync(Task<IReadOnlyList<CellTold>> run, CancellationToken killed)
    {
        try
        {
            var told = await run;
            return lost || killed.IsCancellationRequested ? null : told;
        }
        catch (OperationCanceledException) when (killed.IsCancellationRequested)
        {
            return null;
        }
        catch (StaleEpochException)
        {
            // Another activation of the sweep gives out leases by now, and the store takes nothing of this one's.
            return null;
        }
        catch (UnrunnableSliceException unrunnable) when (!lost && !killed.IsCancellationRequested)
        {
            await SayAsync(() => sweep.TellUnrunnable(token, unrunnable.Message.TrimEnd('.')), killed);
            throw;
        }
        catch (Exception) when (!lost && !killed.IsCancellationRequested)
        {
            // The runner's own fault, no cell's: all go back at once, and the failure goes up.
            await TellAsync([], killed);
            throw;
        }
    }

    private static ConfiguredTaskAwaitable Ended(Task task) =>
        task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(1, LogLevel.Warning, "Lease {Token} could not be renewed")]
    private partial void LogRenewFailed(Exception error, LeaseToken token);

    [LoggerMessage(2, LogLevel.Warning, "The slice of lease {Token} could not be told of")]
    private partial void LogTellFailed(Exception error, LeaseToken token);
}
