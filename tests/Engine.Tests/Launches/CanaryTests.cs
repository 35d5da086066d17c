using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Tests.Workers;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Tests.Launches;

public sealed class CanaryTests : IAsyncDisposable
{
    private readonly Bench bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task EachTimeLaunchHasOneCanaryAtEitherEndAndAMemoryLaunchNone()
    {
        bench.Workers = new FakeWorker("--canary", "tired");

        await bench.RunAsync(Cells.Fake(0), Cells.Fake(1));

        var canaries = await bench.Store.CanariesAsync(bench.Sweep, Token);
        canaries
            .Select(c => (c.Place, c.GemmFlopsPerSecond, c.TriadBytesPerSecond))
            .ShouldBe([
                (CanaryPlace.First, 5e9, 1e10),
                (CanaryPlace.Last, 4e9, 1e10),
                (CanaryPlace.First, 5e9, 1e10),
                (CanaryPlace.Last, 4e9, 1e10),
            ]);
        Canaries
            .Drifts(canaries)
            .ShouldBe([new CanaryDrift(0.8, 1), new CanaryDrift(1.25, 1), new CanaryDrift(0.8, 1)]);
        var launches = await bench.LaunchesAsync(Cells.Fake(0));
        canaries.ShouldAllBe(c => c.Fingerprint == launches[0].Fingerprint && c.Device == FakeWorker.Cpu.Id);
    }

    [Fact]
    public async Task WhereAnotherWouldTakeTooLargeAShareOnlyTheFirstSixLaunchesBeginWithOne()
    {
        // A billionth: no launch of this test takes 10⁹ times as long as its canary.
        bench.CanaryShare = 1e-9;

        bench.Measure = bench.Measure with { Launches = 8 };

        await bench.RunAsync(Cells.Fake(0), Cells.Fake(1));

        var canaries = await bench.Store.CanariesAsync(bench.Sweep, Token);
        canaries.Count.ShouldBe(6);
        canaries.ShouldAllBe(c => c.Place == CanaryPlace.First);
        var launches = await bench.LaunchesAsync(Cells.Fake(0));
        canaries.Select(c => c.Launch).Distinct().Count().ShouldBe(6);
        launches.Count(l => l.Kind == LaunchKind.Time).ShouldBe(8);
    }

    [Fact]
    public async Task SwitchedOffThereAreNone()
    {
        bench.Measure = bench.Measure with { Canaries = false };
        bench.Workers = new FakeWorker("--canary", "exit");

        var told = await bench.RunAsync(Cells.Fake(0));

        told.ShouldBe([new CellTold.Ended(0, new Outcome.Completed())]);
        (await bench.Store.CanariesAsync(bench.Sweep, Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("exit", LossCause.WorkerLost)]
    [InlineData("garbage", LossCause.Protocol)]
    [InlineData("unknown_type", LossCause.Protocol)]
    [InlineData("out_of_turn", LossCause.Protocol)]
    [InlineData("error", LossCause.Error)]
    public async Task AWorkerThatFailsAtItIsToldOnceAndItsCellsAreMeasuredWithout(string how, string cause)
    {
        bench.Workers = new FakeWorker("--canary", how);

        var told = await bench.RunAsync(Cells.Fake(0), Cells.Fake(1));

        told.ShouldBe([new CellTold.Ended(0, new Outcome.Completed()), new CellTold.Ended(1, new Outcome.Completed())]);
        (await bench.Store.CanariesAsync(bench.Sweep, Token)).ShouldBeEmpty();
        var incident = (await bench.Store.IncidentsAsync(bench.Sweep, Token)).ShouldHaveSingleItem();
        incident.Cause.ShouldBe(cause);
        incident.Cell.ShouldBeNull();
        incident.Message.ShouldStartWith("the canary failed, and is left out for the rest of the slice: ");
    }
}
