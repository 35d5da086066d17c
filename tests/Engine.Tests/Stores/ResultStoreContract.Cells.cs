using Layerbench.Core;
using Layerbench.Core.Results;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

public abstract partial class ResultStoreContract
{
    [Fact]
    public async Task AFinishedCellComesBackWithItsPointInOrder()
    {
        (await Store.FinishAsync(sweep, [Result()], Token)).ShouldBe(1);
        await ReopenDatabaseAsync();

        var cell = (await Store.CellsAsync(sweep, Token).ToListAsync(Token)).ShouldHaveSingleItem();

        cell.ShouldBe(Result());
        cell.Point.Keys.ShouldBe(["pass", "backend", "dtype", "threads", "d_model", "dropout", "bias"]);
        cell.Point["bias"].IsTruth.ShouldBeTrue();
    }

    public static TheoryData<Outcome> Outcomes =>
        [
            new Outcome.Completed(),
            new Outcome.Unconverged("budget spent"),
            new Outcome.Incorrect("forward error 0.1 over 1e-5"),
            new Outcome.Skipped("needs 90 GB, the largest device has 8 GB"),
            new Outcome.Failed("RuntimeError"),
            new Outcome.Poisoned("killed 3 workers"),
        ];

    [Theory]
    [MemberData(nameof(Outcomes), DisableDiscoveryEnumeration = true)]
    public async Task EveryOutcomeComesBackWithItsReason(Outcome outcome)
    {
        await Store.FinishAsync(sweep, [Result(outcome: outcome) with { Device = null }], Token);

        (await Store.CellsAsync(sweep, Token).ToListAsync(Token))
            .ShouldHaveSingleItem()
            .ShouldBe(Result(outcome: outcome) with { Device = null });
    }

    [Fact]
    public async Task AFinishedCellStaysAsItIs()
    {
        await Store.FinishAsync(sweep, [Result()], Token);

        (await Store.FinishAsync(sweep, [Result(outcome: new Outcome.Failed("late"))], Token)).ShouldBe(0);

        (await Store.CellsAsync(sweep, Token).ToListAsync(Token)).ShouldHaveSingleItem().ShouldBe(Result());
    }

    [Fact]
    public async Task TheFirstOfTwoEndsInOneCallIsKept()
    {
        (await Store.FinishAsync(sweep, [Result(1), Result(1, new Outcome.Failed("late")), Result(2)], Token)).ShouldBe(
            2
        );

        (await Store.CountsAsync(sweep, Token)).ShouldBe(
            new Dictionary<string, long>(StringComparer.Ordinal) { ["completed"] = 2 }
        );
    }

    [Fact]
    public async Task AFinishedCellTakesNoMoreLaunchesAndLosesNone()
    {
        await Store.AcceptAsync(Batch(Launch()), Token);
        await Store.FinishAsync(sweep, [Result()], Token);

        (await Store.AcceptAsync(Batch(Launch(number: 1), Launch(2)), Token)).ShouldBe(new AcceptResult(1, 1));
        (await Store.SupersedeAsync(sweep, Cell(1), new FingerprintId("bb"), Token)).ShouldBe(0);

        (await Store.LaunchesAsync(sweep, Cell(1), Token)).ShouldHaveSingleItem().ShouldBe(Launch());
    }

    [Fact]
    public async Task FinishedCellsComeByPlanIndexAndUnfinishedOnesNotAtAll()
    {
        await Store.AcceptAsync(Batch(Launch(4)), Token);
        await Store.FinishAsync(sweep, [Result(3, index: 30), Result(1, index: 10)], Token);
        await Store.FinishAsync(sweep, [Result(2, index: 0)], Token);

        (await Store.CellsAsync(sweep, Token).Select(c => c.Index).ToListAsync(Token)).ShouldBe([0, 10, 30]);
        (await Store.FinishedIndicesAsync(sweep, Token).ToListAsync(Token)).ShouldBe([0, 10, 30]);
    }

    [Fact]
    public async Task ManyFinishedCellsAreReadPageByPageWithoutLossOrRepeat()
    {
        // More than one page of cells (500) and of indices (10,000).
        var expected = Enumerable.Range(0, 10_501).ToList();
        foreach (var some in expected.Chunk(1000))
        {
            await Store.FinishAsync(sweep, [.. some.Select(n => Result(n))], Token);
        }

        (await Store.FinishedIndicesAsync(sweep, Token).ToListAsync(Token)).ShouldBe(expected.Select(n => (long)n));
        (await Store.CellsAsync(sweep, Token).Select(c => c.Id).ToListAsync(Token)).ShouldBe(expected.Select(Cell));
    }

    [Fact]
    public async Task CountsAreByOutcome()
    {
        await Store.FinishAsync(
            sweep,
            [Result(1), Result(2), Result(3, new Outcome.Skipped("too big")), Result(4, new Outcome.Failed("no"))],
            Token
        );

        (await Store.CountsAsync(sweep, Token)).ShouldBe(
            new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["completed"] = 2,
                ["failed"] = 1,
                ["skipped"] = 1,
            },
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task ProgressCountsWhatIsKeptOfEachCell()
    {
        await Store.AcceptAsync(Batch(Launch(1), Launch(2)), Token);
        await Store.AcceptAsync(Batch(Launch(1, number: 1)), Token);
        await Store.AcceptAsync(Batch(Launch(1, kind: LaunchKind.Memory)), Token);
        await Store.SupersedeAsync(sweep, Cell(2), new FingerprintId("bb"), Token);
        await Store.AcceptAsync(Batch(Launch(2, fingerprint: "bb")), Token);
        await Store.RecordIncidentAsync(sweep, Incident(3), Token);

        var progress = await Store.ProgressAsync(sweep, [Cell(1), Cell(2), Cell(3), Cell(4)], Token);

        progress.ShouldBe(
            new Dictionary<CellId, CellProgress>
            {
                [Cell(1)] = new(2, 1, new FingerprintId("aa"), 0),
                [Cell(2)] = new(1, 0, new FingerprintId("bb"), 0),
                [Cell(3)] = new(0, 0, null, 1),
            },
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task ProgressOfMoreCellsThanADatabaseTakesParametersIsRead()
    {
        var cells = Enumerable.Range(0, 40_000).Select(Cell).ToList();
        await Store.AcceptAsync(Batch(Launch(0), Launch(39_999)), Token);

        (await Store.ProgressAsync(sweep, cells, Token)).Keys.ShouldBe([Cell(0), Cell(39_999)], ignoreOrder: true);
    }

    [Theory]
    [InlineData("worker_lost", 1)]
    [InlineData("oom", 1)]
    [InlineData("timeout", 1)]
    [InlineData("protocol", 1)]
    [InlineData("error", 0)]
    [InlineData("preempted", 0)]
    public async Task OnlyDeathsOfWorkersCountAsCrashes(string cause, int crashes)
    {
        await Store.RecordIncidentAsync(sweep, Incident(1, cause), Token);

        (await Store.ProgressAsync(sweep, [Cell(1)], Token)).GetValueOrDefault(Cell(1)).Crashes.ShouldBe(crashes);
    }

    [Fact]
    public async Task IncidentsComeBackInOrder()
    {
        await Store.RecordIncidentAsync(sweep, Incident(1), Token);
        await Store.RecordIncidentAsync(sweep, Incident(cell: null, "timeout"), Token);
        await ReopenDatabaseAsync();

        (await Store.IncidentsAsync(sweep, Token)).ShouldBe([Incident(1), Incident(cell: null, "timeout")]);
    }

    [Fact]
    public async Task AReopenedCellIsRunAgainWithItsLaunchesAndACleanRecord()
    {
        await Store.AcceptAsync(Batch(Launch(1), Launch(2)), Token);
        await Store.RecordIncidentAsync(sweep, Incident(1), Token);
        await Store.RecordIncidentAsync(sweep, Incident(2), Token);
        await Store.FinishAsync(
            sweep,
            [Result(1, new Outcome.Poisoned("killed 3 workers")), Result(2), Result(3, new Outcome.Failed("no"))],
            Token
        );

        (await Store.ReopenAsync(sweep, ["failed", "poisoned"], Token)).ShouldBe(2);

        (await Store.FinishedIndicesAsync(sweep, Token).ToListAsync(Token)).ShouldBe([2]);
        var progress = await Store.ProgressAsync(sweep, [Cell(1), Cell(2)], Token);
        progress[Cell(1)].ShouldBe(new CellProgress(1, 0, new FingerprintId("aa"), 0));
        progress[Cell(2)].Crashes.ShouldBe(1);
        // What happened stays on record, and what happens from now on counts.
        (await Store.IncidentsAsync(sweep, Token)).Count.ShouldBe(2);
        await Store.RecordIncidentAsync(sweep, Incident(1), Token);
        (await Store.ProgressAsync(sweep, [Cell(1)], Token))[Cell(1)].Crashes.ShouldBe(1);
        // And it can end again, otherwise.
        (await Store.FinishAsync(sweep, [Result(1)], Token)).ShouldBe(1);
    }

    [Fact]
    public async Task ReopeningAnOutcomeThatIsNoneIsRefused() =>
        await Should.ThrowAsync<ArgumentException>(() => Store.ReopenAsync(sweep, ["finished"], Token));
}
