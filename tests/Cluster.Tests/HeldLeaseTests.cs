using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Grains;
using Layerbench.Grains.Devices;
using Microsoft.Extensions.Logging.Abstractions;

namespace Layerbench.Cluster.Tests;

public sealed class HeldLeaseTests
{
    private static readonly IReadOnlyList<CellTold> ended = [new CellTold.Ended(0, new Outcome.Completed())];

    /// <summary>Renewed four times in it, so once a second: long enough for a machine that does much else.</summary>
    private static readonly TimeSpan usual = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan brief = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task AStaleTokenKillsTheRunAndNothingIsTold()
    {
        var told = await Lease(new Sweep { Renews = () => Task.FromResult(RenewAnswer.Stale) })
            .KeepWhileAsync(UntilKilled, CancellationToken.None, CancellationToken.None);

        told.ShouldBeNull();
    }

    [Fact]
    public async Task ARenewalThatNeverReturnsDoesNotKeepTheRunAlive()
    {
        var told = await Lease(new Sweep { Renews = () => new TaskCompletionSource<RenewAnswer>().Task }, brief)
            .KeepWhileAsync(UntilKilled, CancellationToken.None, CancellationToken.None);

        told.ShouldBeNull();
    }

    [Fact]
    public async Task ALeaseThatIsRenewedOutlivesItsDuration()
    {
        var renewals = new SemaphoreSlim(0);
        var sweep = new Sweep
        {
            Renews = () =>
            {
                renewals.Release();
                return Task.FromResult(RenewAnswer.Held);
            },
        };

        var told = await Lease(sweep)
            .KeepWhileAsync(
                async (_, killed) =>
                {
                    // Four renewals are a whole duration.
                    for (var i = 0; i < 5; i++)
                    {
                        await renewals.WaitAsync(killed);
                    }

                    return ended;
                },
                CancellationToken.None,
                CancellationToken.None
            );

        told.ShouldBe(ended);
    }

    [Fact]
    public async Task ACancelledSweepStopsTheRunSoftly()
    {
        var told = await Lease(new Sweep { Renews = () => Task.FromResult(RenewAnswer.HeldToTheEnd) })
            .KeepWhileAsync(
                async (stop, _) =>
                {
                    await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return ended;
                },
                CancellationToken.None,
                CancellationToken.None
            );

        told.ShouldBe(ended);
    }

    [Fact]
    public async Task ARunnerThatFailsGivesItsCellsBackAtOnce()
    {
        var sweep = new Sweep();

        await Should.ThrowAsync<IOException>(() =>
            Lease(sweep)
                .KeepWhileAsync(
                    (_, _) => throw new IOException("no store"),
                    CancellationToken.None,
                    CancellationToken.None
                )
        );

        sweep.Told.ShouldBe([
            [],
        ]);
    }

    [Fact]
    public async Task WhatIsToldIsToldAgainUntilItIsHeard()
    {
        var sweep = new Sweep { Deaf = 2 };

        (await Lease(sweep).TellAsync(ended, CancellationToken.None)).ShouldBeOfType<TellAnswer.Accepted>();

        sweep.Told.ShouldBe([ended, ended, ended]);
    }

    [Fact]
    public async Task TellingEndsWithTheLease() =>
        (await Lease(new Sweep { Deaf = int.MaxValue }, brief).TellAsync(ended, CancellationToken.None)).ShouldBeNull();

    [Fact]
    public async Task TellingEndsWithTheDeviceHoweverLongTheLeaseIs()
    {
        using var kill = new CancellationTokenSource();
        var sweep = new Sweep { Deaf = int.MaxValue, Hears = kill.Cancel };

        var telling = Lease(sweep, TimeSpan.FromDays(1)).TellAsync(ended, kill.Token);

        (await telling.WaitAsync(Wait.Deadline)).ShouldBeNull();

        sweep.Told.ShouldBe([ended]);
    }

    private static async Task<IReadOnlyList<CellTold>> UntilKilled(CancellationToken stop, CancellationToken kill)
    {
        await Task.Delay(Timeout.Infinite, kill);
        return ended;
    }

    private static HeldLease Lease(ISweepGrain sweep, TimeSpan? lease = null) =>
        new(
            sweep,
            new LeaseToken("t"),
            TimeProvider.System.GetTimestamp(),
            new ClusterTimes
            {
                Lease = lease ?? usual,
                Call = TimeSpan.FromSeconds(30),
                Poll = TimeSpan.FromMilliseconds(1),
            },
            TimeProvider.System,
            NullLogger.Instance
        );

    private sealed class Sweep : ISweepGrain
    {
        public Func<Task<RenewAnswer>> Renews { get; init; } = () => Task.FromResult(RenewAnswer.Held);
        public int Deaf { get; set; }
        public Action Hears { get; init; } = () => { };
        public List<IReadOnlyList<CellTold>> Told { get; } = [];

        public Task<RenewAnswer> Renew(LeaseToken token) => Renews();

        public Task<TellAnswer> Tell(LeaseToken token, SliceTold told)
        {
            Told.Add(told.Cells);
            Hears();
            return Deaf-- > 0
                ? Task.FromException<TellAnswer>(new TimeoutException())
                : Task.FromResult<TellAnswer>(new TellAnswer.Accepted([]));
        }

        public Task<TellAnswer> TellUnrunnable(LeaseToken token, string reason) => throw new NotSupportedException();

        public Task<bool> Start(SweepRecord sweep, SweepTerms terms) => throw new NotSupportedException();

        public Task<SweepRecord> Record() => throw new NotSupportedException();

        public Task<LeaseAnswer> Lease(DeviceInfo device) => throw new NotSupportedException();

        public Task Pause() => throw new NotSupportedException();

        public Task Resume() => throw new NotSupportedException();

        public Task Cancel() => throw new NotSupportedException();

        public Task<SweepProgress> Progress() => throw new NotSupportedException();

        public Task<SweepStatus?> Status() => throw new NotSupportedException();

        public Task<EventPage?> Events(EventId after, int most) => throw new NotSupportedException();

        public Task Seen(IReadOnlyList<EngineEvent> events) => throw new NotSupportedException();

        public Task RerunFailed() => throw new NotSupportedException();

        public Task<Core.Quality.RungDecision> DecideRung(Core.Quality.RungArrival arrival) =>
            throw new NotSupportedException();
    }
}
