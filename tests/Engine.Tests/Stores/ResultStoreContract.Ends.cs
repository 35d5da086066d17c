using Layerbench.Core.Results;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

public abstract partial class ResultStoreContract
{
    [Fact]
    public async Task CellsEndWithTheLaunchesThatTheyEndWith()
    {
        await Store.AcceptAsync(Batch(Launch(2)), Token);

        var batch = Batch(Launch(1), Launch(2, number: 1), Launch(3)) with { Ends = [Result(1), Result(2), Result(4)] };
        var first = await Store.AcceptAsync(batch, Token);
        var again = await Store.AcceptAsync(batch with { Ends = [Result(1, new Outcome.Failed("late"))] }, Token);

        first.ShouldBe(new AcceptResult(Accepted: 3, Duplicates: 0));
        again.ShouldBe(new AcceptResult(Accepted: 0, Duplicates: 3));
        var cells = await Store.CellsAsync(sweep, Token).ToListAsync(Token);
        cells.Count.ShouldBe(3);
        cells[0].ShouldBe(Result(1));
        cells[1].ShouldBe(Result(2));
        cells[2].ShouldBe(Result(4));
        (await Store.LaunchesAsync(sweep, Cell(1), Token)).Single().ShouldBe(Launch(1));
        (await Store.LaunchesAsync(sweep, Cell(2), Token)).Count.ShouldBe(2);
        (await Store.LaunchesAsync(sweep, Cell(3), Token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task LaunchesThatAreRefusedEndNoCell()
    {
        await Store.AcceptAsync(Batch(Launch(2)), Token);
        var stale = await Store.TakeEpochAsync(sweep, Token);
        await Store.TakeEpochAsync(sweep, Token);
        var batch = Batch(Launch(1, fingerprint: "bb"), Launch(2, number: 1, fingerprint: "bb")) with
        {
            Ends = [Result(1), Result(2)],
        };

        await Should.ThrowAsync<InvalidOperationException>(() => Store.AcceptAsync(batch, Token));
        await Should.ThrowAsync<StaleEpochException>(() =>
            Store.AcceptAsync(Batch(Launch(3)) with { Ends = [Result(3)], Epoch = stale }, Token)
        );

        (await Store.CountsAsync(sweep, Token)).ShouldBeEmpty();
        (await Store.LaunchCountAsync(sweep, Token)).ShouldBe(1);
    }
}
