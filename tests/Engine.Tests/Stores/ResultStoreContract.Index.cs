using Layerbench.Core.Results;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

public abstract partial class ResultStoreContract
{
    [Fact]
    public async Task EndsOfCellsComeByPlanIndexAndOneThatIsRunAgainHasAnotherTime()
    {
        await Store.AcceptAsync(Batch(Launch(3)), Token);
        await Store.FinishAsync(sweep, [Result(2, index: 0), Result(1, new Outcome.Failed("no"))], Token);

        var ends = await Store.CellEndsAsync(sweep, Token).ToListAsync(Token);
        await Store.ReopenAsync(sweep, ["failed"], Token);
        var open = await Store.CellEndsAsync(sweep, Token).ToListAsync(Token);
        await Store.FinishAsync(sweep, [Result(1) with { FinishedAt = Noon.AddHours(2) }], Token);
        var again = await Store.CellEndsAsync(sweep, Token).ToListAsync(Token);

        ends.ShouldBe([new(Cell(2), 0, Noon.AddMinutes(2)), new(Cell(1), 1, Noon.AddMinutes(1))]);
        open.ShouldBe([ends[0]]);
        again.ShouldBe([ends[0], new(Cell(1), 1, Noon.AddHours(2))]);
    }

    [Fact]
    public async Task FinishedCellsAreFoundByTheirNamesWithTheirLaunches()
    {
        await Store.AcceptAsync(Batch(Launch(3), Launch(4), Launch(4, number: 1)), Token);
        await Store.FinishAsync(sweep, [Result(1), Result(2), Result(4)], Token);

        var found = await Store
            .MeasuredAsync(sweep, [Cell(4), Cell(3), Cell(1), Cell(9)], Token)
            .ToDictionaryAsync(m => m.Cell.Id, cancellationToken: Token);

        found.Count.ShouldBe(2);
        found[Cell(1)].Cell.ShouldBe(Result(1));
        found[Cell(1)].Launches.ShouldBeEmpty();
        found[Cell(4)].Cell.ShouldBe(Result(4));
        found[Cell(4)].Launches.ShouldBe([Launch(4), Launch(4, number: 1)]);
    }

    [Fact]
    public async Task FinishedCellsWithTheirLaunchesAreThoseThatAreReadOneByOne()
    {
        await Store.SaveSweepAsync(Sweep("other"), Token);
        await Store.AcceptAsync(Batch(Launch(1)) with { Sweep = Sweep("other").Id }, Token);
        await Store.FinishAsync(Sweep("other").Id, [Result(1)], Token);
        // More than are read together.
        for (var n = 1; n <= 45; n++)
        {
            await Store.AcceptAsync(
                Batch([
                    .. Enumerable.Range(0, n % 3).Select(number => Launch(n, number: number)),
                    Launch(n, kind: LaunchKind.Memory),
                ]),
                Token
            );
        }

        await Store.FinishAsync(sweep, [.. Enumerable.Range(1, 44).Select(n => Result(n, index: 100 - n))], Token);

        var measured = await Store.MeasuredAsync(sweep, Token).ToListAsync(Token);

        measured.Select(m => m.Cell).ShouldBe(await Store.CellsAsync(sweep, Token).ToListAsync(Token));
        measured.Count.ShouldBe(44);
        foreach (var (cell, launches) in measured)
        {
            launches.ShouldBe(await Store.LaunchesAsync(sweep, cell.Id, Token));
        }
    }

    [Fact]
    public async Task IncidentsComeInPagesTheLastOneFirst()
    {
        await Store.SaveSweepAsync(Sweep("other"), Token);
        for (var n = 1; n <= 5; n++)
        {
            await Store.RecordIncidentAsync(sweep, Incident() with { Message = $"wrong {n}" }, Token);
            await Store.RecordIncidentAsync(Sweep("other").Id, Incident(), Token);
        }

        var first = await Store.LatestIncidentsAsync(sweep, before: null, most: 3, Token);
        var rest = await Store.LatestIncidentsAsync(sweep, first.Incidents[^1].Number, most: 3, Token);

        first.Incidents.Select(i => i.Incident.Message).ShouldBe(["wrong 5", "wrong 4", "wrong 3"]);
        rest.Incidents.Select(i => i.Incident.Message).ShouldBe(["wrong 2", "wrong 1"]);
        (first.Count, rest.Count).ShouldBe((5, 5));
        first.Incidents[0].Incident.ShouldBe(Incident() with { Message = "wrong 5" });
    }
}
