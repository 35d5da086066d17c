using Layerbench.Core;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

public abstract partial class ResultStoreContract
{
    [Fact]
    public async Task ATrainingComesBackAsItWas()
    {
        var launch = Launch(kind: LaunchKind.Quality);
        await Store.AcceptAsync(Batch(launch), Token);

        await ReopenDatabaseAsync();
        var back = (await Store.LaunchesAsync(sweep, Cell(1), Token)).Single();

        back.ShouldBe(launch);
        back.Trainings.Select(t => t.Value).ShouldBe([0.875, null]);
        (await Store.ProgressAsync(sweep, [Cell(1)], Token))[Cell(1)]
            .ShouldBe(new CellProgress(0, 0, new FingerprintId("aa"), 0, QualityLaunches: 1));
    }

    [Fact]
    public async Task ATrainingLandsOnceAndBesideOtherKindsOfLaunch()
    {
        var launch = Launch(kind: LaunchKind.Quality);

        (await Store.AcceptAsync(Batch(launch, Launch(), Launch(kind: LaunchKind.Memory)), Token)).ShouldBe(
            new AcceptResult(3, 0)
        );
        (await Store.AcceptAsync(Batch(launch), Token)).ShouldBe(new AcceptResult(0, 1));

        var launches = await Store.LaunchesAsync(sweep, Cell(1), Token);
        launches.Select(l => l.Kind).ShouldBe([LaunchKind.Time, LaunchKind.Memory, LaunchKind.Quality]);
        launches.Select(l => l.Trainings.Count).ShouldBe([0, 0, 2]);
    }

    [Fact]
    public async Task DecisionsAtRungsComeBackInTheirOrderAndTheFirstOfEachStays()
    {
        RungDecision[] decisions =
        [
            new(Arrival(cell: 2, 100, 0.25), Go: true),
            new(Arrival(cell: 1, 100, null), Go: false),
            new(Arrival(cell: 2, 300, 0.1 + 0.2), Go: false),
        ];
        foreach (var decision in decisions)
        {
            await Store.RecordRungAsync(sweep, decision, Token);
        }

        await Store.RecordRungAsync(sweep, new(Arrival(cell: 2, 100, 0.75), Go: false), Token);

        (await Store.RungsAsync(sweep, Token)).ShouldBe(decisions);
        (await Store.RungsAsync(new SweepId("another"), Token)).ShouldBeEmpty();
    }

    private static RungArrival Arrival(int cell, long step, double? value) =>
        new(new GroupId("0123456789abcdef"), "mix.attention", Cell(cell), step, value);
}
