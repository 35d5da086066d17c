using Layerbench.Core;
using Layerbench.Core.Results;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

/// <summary>What every store does, whatever its database. A subclass gives the database.</summary>
public abstract partial class ResultStoreContract : IAsyncLifetime
{
    private protected static readonly SweepId sweep = Sweep().Id;

    private protected IResultStore Store { get; private set; } = null!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens the test's one database, made where there is none.</summary>
    protected abstract Task<IResultStore> OpenAsync();

    protected abstract ValueTask DropAsync();

    public async ValueTask InitializeAsync()
    {
        Store = await OpenAsync();
        await Store.SaveSweepAsync(Sweep(), Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await DropAsync();
        GC.SuppressFinalize(this);
    }

    private async Task ReopenDatabaseAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync();
    }

    [Fact]
    public async Task ASweepComesBackAsItWasSaved()
    {
        await ReopenDatabaseAsync();

        (await Store.SweepsAsync(Token)).ShouldBe([Sweep()]);
    }

    [Fact]
    public async Task ASweepThatIsThereIsLeftAsItIs()
    {
        await Store.SaveSweepAsync(Sweep() with { Spec = "another", Seed = 2 }, Token);

        (await Store.SweepsAsync(Token)).ShouldBe([Sweep()]);
    }

    [Fact]
    public async Task SweepsAreListedInTheOrderOfTheirCreation()
    {
        await Store.SaveSweepAsync(Sweep("later") with { CreatedAt = Noon.AddHours(1) }, Token);
        await Store.SaveSweepAsync(Sweep("earlier") with { CreatedAt = Noon.AddHours(-1) }, Token);

        (await Store.SweepsAsync(Token)).Select(s => s.Id.Value).ShouldBe(["earlier", sweep.Value, "later"]);
    }

    [Fact]
    public async Task ASweepIsFoundByItsIdAmongOthers()
    {
        await Store.SaveSweepAsync(Sweep("other"), Token);

        (await Store.SweepAsync(sweep, Token)).ShouldBe(Sweep());
        (await Store.SweepAsync(new SweepId("nobody"), Token)).ShouldBeNull();
    }

    [Fact]
    public async Task ALaunchComesBackWithAllItsFields()
    {
        (await Store.AcceptAsync(Batch(Launch()), Token)).ShouldBe(new AcceptResult(1, 0));
        await Store.AcceptAsync(Batch(Launch(kind: LaunchKind.Memory)), Token);
        await ReopenDatabaseAsync();

        var launches = await Store.LaunchesAsync(sweep, Cell(1), Token);

        launches.Count.ShouldBe(2);
        launches[0].ShouldBe(Launch());
        launches[1].ShouldBe(Launch(kind: LaunchKind.Memory));
    }

    [Fact]
    public async Task LaunchesComeByKindAndNumber()
    {
        foreach (var number in new[] { 2, 0, 1 })
        {
            await Store.AcceptAsync(Batch(Launch(number: number, kind: LaunchKind.Memory)), Token);
            await Store.AcceptAsync(Batch(Launch(number: number)), Token);
        }

        (await Store.LaunchesAsync(sweep, Cell(1), Token))
            .Select(l => (l.Kind, l.Number))
            .ShouldBe([
                (LaunchKind.Time, 0),
                (LaunchKind.Time, 1),
                (LaunchKind.Time, 2),
                (LaunchKind.Memory, 0),
                (LaunchKind.Memory, 1),
                (LaunchKind.Memory, 2),
            ]);
    }

    [Fact]
    public async Task ARepeatedBatchChangesNothing()
    {
        var batch = Batch(Launch(1), Launch(2));
        await Store.AcceptAsync(batch, Token);

        (await Store.AcceptAsync(batch, Token)).ShouldBe(new AcceptResult(0, 2));
        (await Store.AcceptAsync(Batch(Launch(2), Launch(3)), Token)).ShouldBe(new AcceptResult(1, 1));

        (await Store.LaunchesAsync(sweep, Cell(2), Token)).ShouldHaveSingleItem().ShouldBe(Launch(2));
    }

    [Fact]
    public async Task TheFirstOfTwoLaunchesWithOneNumberIsKept()
    {
        await Store.AcceptAsync(Batch(Launch()), Token);

        var second = Launch(attempt: 2) with { StartedAt = Noon.AddHours(1), Samples = [] };

        (await Store.AcceptAsync(Batch(second), Token)).ShouldBe(new AcceptResult(0, 1));
        (await Store.LaunchesAsync(sweep, Cell(1), Token)).ShouldHaveSingleItem().ShouldBe(Launch());
    }

    [Fact]
    public async Task ABatchThatHoldsALaunchTwiceKeepsItOnce()
    {
        (await Store.AcceptAsync(Batch(Launch(), Launch()), Token)).ShouldBe(new AcceptResult(1, 1));

        (await Store.LaunchesAsync(sweep, Cell(1), Token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task ABatchIsKeptOrRefusedAsAWhole()
    {
        await Store.AcceptAsync(Batch(Launch(2)), Token);

        await Should.ThrowAsync<InvalidOperationException>(() =>
            Store.AcceptAsync(
                Batch(Launch(1, number: 1, fingerprint: "bb"), Launch(2, number: 1, fingerprint: "bb")),
                Token
            )
        );

        (await Store.LaunchesAsync(sweep, Cell(1), Token)).ShouldBeEmpty();
        (await Store.FingerprintsAsync(sweep, Token)).Select(f => f.Id.Value).ShouldBe(["aa"]);
        // And the fingerprint that was taken back can come again.
        await Store.AcceptAsync(Batch(Launch(1, fingerprint: "bb")), Token);
        (await Store.FingerprintsAsync(sweep, Token)).Select(f => f.Id.Value).ShouldBe(["aa", "bb"]);
    }

    [Fact]
    public async Task LaunchesOfTwoFingerprintsAreNeverMixed()
    {
        await Store.AcceptAsync(Batch(Launch()), Token);

        var refusal = await Should.ThrowAsync<InvalidOperationException>(() =>
            Store.AcceptAsync(Batch(Launch(number: 1, fingerprint: "bb")), Token)
        );

        refusal.Message.ShouldBe(
            "Time launch 1 of cell 0000000000000001: the cell has launches under another fingerprint; "
                + "set them aside with SupersedeAsync before adding new ones"
        );
    }

    [Fact]
    public async Task SupersededLaunchesAreSetAsideAndTheirNumbersAreFree()
    {
        await Store.AcceptAsync(Batch(Launch(number: 0)), Token);
        await Store.AcceptAsync(Batch(Launch(number: 1)), Token);

        (await Store.SupersedeAsync(sweep, Cell(1), new FingerprintId("bb"), Token)).ShouldBe(2);

        (await Store.LaunchesAsync(sweep, Cell(1), Token)).ShouldBeEmpty();
        (await Store.AcceptAsync(Batch(Launch(number: 0, fingerprint: "bb")), Token)).Accepted.ShouldBe(1);
        (await Store.LaunchesAsync(sweep, Cell(1), Token))
            .ShouldHaveSingleItem()
            .ShouldBe(Launch(number: 0, fingerprint: "bb"));
        (await Store.SupersedeAsync(sweep, Cell(1), new FingerprintId("bb"), Token)).ShouldBe(0);
    }

    [Fact]
    public async Task ALaunchThatWasSetAsideDoesNotComeBackWhenItIsRepeated()
    {
        await Store.AcceptAsync(Batch(Launch()), Token);
        await Store.SupersedeAsync(sweep, Cell(1), new FingerprintId("bb"), Token);

        (await Store.AcceptAsync(Batch(Launch()), Token)).ShouldBe(new AcceptResult(0, 1));

        (await Store.LaunchesAsync(sweep, Cell(1), Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task SupersedingOneCellLeavesOthersAlone()
    {
        await Store.AcceptAsync(Batch(Launch(1), Launch(2)), Token);

        await Store.SupersedeAsync(sweep, Cell(1), new FingerprintId("bb"), Token);

        (await Store.LaunchesAsync(sweep, Cell(2), Token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task ABatchMustNameItsLaunchesFingerprint() =>
        (
            await Should.ThrowAsync<ArgumentException>(() =>
                Store.AcceptAsync(new LaunchBatch(sweep, Fingerprint("bb"), [Launch()]), Token)
            )
        ).Message.ShouldStartWith(
            "Launch 0 of cell 0000000000000001 names fingerprint aa, its batch bb; they must be the same."
        );

    [Fact]
    public async Task AnUnknownSweepIsRefused() =>
        (
            await Should.ThrowAsync<InvalidOperationException>(() =>
                Store.FinishAsync(new SweepId("nobody"), [Result()], Token)
            )
        ).Message.ShouldBe("The store has no sweep 'nobody'; save it with SaveSweepAsync before its results.");

    [Fact]
    public async Task TheSameCellInTwoSweepsIsTwoCells()
    {
        var other = Sweep("other");
        await Store.SaveSweepAsync(other, Token);
        await Store.AcceptAsync(Batch(Launch()), Token);

        (await Store.AcceptAsync(Batch(Launch()) with { Sweep = other.Id }, Token)).Accepted.ShouldBe(1);
        await Store.FinishAsync(other.Id, [Result()], Token);

        (await Store.FinishedIndicesAsync(sweep, Token).ToListAsync(Token)).ShouldBeEmpty();
        (await Store.LaunchesAsync(other.Id, Cell(1), Token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task AFingerprintIsKeptOncePerHash()
    {
        await Store.AcceptAsync(Batch(Launch(1)), Token);
        await Store.AcceptAsync(Batch(Launch(2)), Token);
        await Store.AcceptAsync(Batch(Launch(3, fingerprint: "bb")), Token);

        var fingerprints = await Store.FingerprintsAsync(sweep, Token);

        fingerprints.Select(f => f.Id.Value).ShouldBe(["aa", "bb"]);
        fingerprints[1].Entries.ShouldBe(Fingerprint("bb").Entries);
    }
}
