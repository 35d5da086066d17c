using Layerbench.Core;
using Layerbench.Core.Results;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

public abstract partial class ResultStoreContract
{
    [Fact]
    public async Task EpochsOfASweepCountFromOneAndAreKept()
    {
        var other = Sweep("other");
        await Store.SaveSweepAsync(other, Token);

        (await Store.TakeEpochAsync(sweep, Token)).ShouldBe(1);
        (await Store.TakeEpochAsync(sweep, Token)).ShouldBe(2);
        (await Store.TakeEpochAsync(other.Id, Token)).ShouldBe(1);
        await ReopenDatabaseAsync();
        (await Store.TakeEpochAsync(sweep, Token)).ShouldBe(3);
    }

    [Fact]
    public async Task AnEpochOfAnUnknownSweepIsRefused() =>
        (
            await Should.ThrowAsync<InvalidOperationException>(() => Store.TakeEpochAsync(new SweepId("nobody"), Token))
        ).Message.ShouldBe("The store has no sweep 'nobody'; save it with SaveSweepAsync before its results.");

    [Fact]
    public async Task WritesOfAnOlderEpochAreRefusedAndLeaveNothing()
    {
        var old = await Store.TakeEpochAsync(sweep, Token);
        var current = await Store.TakeEpochAsync(sweep, Token);

        var launch = await Should.ThrowAsync<StaleEpochException>(() =>
            Store.AcceptAsync(Batch(Launch(1)) with { Epoch = old }, Token)
        );
        var end = await Should.ThrowAsync<StaleEpochException>(() => Store.FinishAsync(sweep, [Result(1)], old, Token));
        // So that an owner can ask whether it still is.
        await Should.ThrowAsync<StaleEpochException>(() => Store.FinishAsync(sweep, [], old, Token));

        foreach (var refusal in new[] { launch, end })
        {
            (refusal.Sweep, refusal.Epoch, refusal.Current).ShouldBe((sweep, old, current));
        }

        (await Store.LaunchesAsync(sweep, Cell(1), Token)).ShouldBeEmpty();
        (await Store.CountsAsync(sweep, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task WritesOfTheCurrentEpochAndOfNoneAreKept()
    {
        await Store.TakeEpochAsync(sweep, Token);
        var current = await Store.TakeEpochAsync(sweep, Token);

        (await Store.AcceptAsync(Batch(Launch(1)) with { Epoch = current }, Token)).Accepted.ShouldBe(1);
        (await Store.AcceptAsync(Batch(Launch(2)), Token)).Accepted.ShouldBe(1);
        (await Store.FinishAsync(sweep, [Result(1)], current, Token)).ShouldBe(1);
        (await Store.FinishAsync(sweep, [Result(2)], Token)).ShouldBe(1);
    }

    [Fact]
    public async Task AnEpochIsOfItsSweepOnly()
    {
        var other = Sweep("other");
        await Store.SaveSweepAsync(other, Token);
        await Store.TakeEpochAsync(other.Id, Token);
        await Store.TakeEpochAsync(other.Id, Token);
        var current = await Store.TakeEpochAsync(sweep, Token);

        (await Store.AcceptAsync(Batch(Launch()) with { Epoch = current }, Token)).Accepted.ShouldBe(1);
    }
}
