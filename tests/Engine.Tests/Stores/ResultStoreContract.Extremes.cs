using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Stores;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

public abstract partial class ResultStoreContract
{
    [Fact]
    public async Task TheLargestNumbersComeBack()
    {
        var launch = Launch(number: int.MaxValue, attempt: int.MaxValue) with
        {
            StartedAt = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero),
            Position = int.MaxValue,
            Samples =
            [
                new Sample(
                    int.MaxValue,
                    int.MaxValue,
                    int.MaxValue,
                    long.MaxValue,
                    long.MaxValue,
                    long.MaxValue,
                    long.MaxValue,
                    long.MaxValue,
                    long.MaxValue
                ),
            ],
            Memory = [new MemoryPeak(int.MaxValue, long.MaxValue, "")],
            Variants = [new VariantFacts("a", long.MaxValue, double.PositiveInfinity, double.NaN, double.Epsilon)],
        };
        await Store.AcceptAsync(Batch(launch), Token);

        (await Store.LaunchesAsync(sweep, Cell(1), Token)).ShouldHaveSingleItem().ShouldBe(launch);
    }

    [Fact]
    public async Task ALaunchWithoutSamplesIsALaunch()
    {
        var launch = Launch() with { Samples = [], Variants = [] };
        await Store.AcceptAsync(Batch(launch), Token);

        (await Store.LaunchesAsync(sweep, Cell(1), Token)).ShouldHaveSingleItem().ShouldBe(launch);
    }

    [Fact]
    public async Task AnEmptyBatchIsNothing() =>
        (await Store.AcceptAsync(Batch(), Token)).ShouldBe(new AcceptResult(0, 0));

    [Fact]
    public async Task AHundredThousandSamplesOfOneLaunchComeBack()
    {
        var launch = Launch() with
        {
            Samples =
            [
                .. Enumerable
                    .Range(0, 100_000)
                    .Select(n => new Sample(n % 2, n / 2, n % 2, 1, 1_000_000 + n, n, null, 0, -1)),
            ],
        };
        await Store.AcceptAsync(Batch(launch), Token);

        (await Store.LaunchesAsync(sweep, Cell(1), Token)).ShouldHaveSingleItem().ShouldBe(launch);
    }

    [Fact]
    public async Task TextsOfAnyScriptComeBack()
    {
        string[] labels = ["плотный", "畳み込み 🧮", "a,\"b\"\n'c'; DROP TABLE cells; --", "", "\\u0000"];
        var result = Result(outcome: new Outcome.Failed("не хватило памяти 🧨\r\n\"")) with
        {
            Labels = labels,
            Baseline = labels[1],
            Point = new Dictionary<string, AxisValue>(StringComparer.Ordinal)
            {
                ["активация"] = AxisValue.Of("ωmega"),
                ["tiny"] = AxisValue.Of(double.Epsilon),
                ["huge"] = AxisValue.Of(double.MaxValue),
                ["least"] = AxisValue.Of(long.MinValue),
                ["number_like"] = AxisValue.Of("12"),
            },
        };
        await Store.FinishAsync(sweep, [result], Token);

        (await Store.CellsAsync(sweep, Token).ToListAsync(Token)).ShouldHaveSingleItem().ShouldBe(result);
    }

    [Fact]
    public async Task WritesOfManyTasksAllLandOnce()
    {
        const int cells = 400;
        // Every cell by two tasks at once, as when a lease expired and its holder lives.
        var accepted = await Task.WhenAll(
            Enumerable
                .Range(0, 2 * cells)
                .Select(n =>
                    Task.Run(
                        async () =>
                        {
                            var result = await Store.AcceptAsync(Batch(Launch(n % cells)), Token);
                            return (result, finished: await Store.FinishAsync(sweep, [Result(n % cells)], Token));
                        },
                        Token
                    )
                )
        );

        accepted.Sum(a => a.result.Accepted).ShouldBe(cells);
        accepted.Sum(a => a.result.Duplicates).ShouldBe(cells);
        accepted.Sum(a => a.finished).ShouldBe(cells);
        (await Store.FinishedIndicesAsync(sweep, Token).ToListAsync(Token)).Count.ShouldBe(cells);
        var progress = await Store.ProgressAsync(sweep, [.. Enumerable.Range(0, cells).Select(Cell)], Token);
        progress.Values.ShouldAllBe(p => p.TimeLaunches == 1);
        progress.Count.ShouldBe(cells);
    }

    [Fact]
    public async Task OneBadWriteAmongManyFailsAlone()
    {
        await Store.AcceptAsync(Batch(Launch(7)), Token);
        var good = Enumerable.Range(100, 50).Select(n => Store.AcceptAsync(Batch(Launch(n)), Token)).ToList();
        var bad = Store.AcceptAsync(Batch(Launch(7, number: 1, fingerprint: "bb")), Token);
        good.AddRange(Enumerable.Range(200, 50).Select(n => Store.AcceptAsync(Batch(Launch(n)), Token)));

        await Should.ThrowAsync<InvalidOperationException>(() => bad);

        (await Task.WhenAll(good)).ShouldAllBe(r => r.Accepted == 1);
    }

    [Fact]
    public async Task TwoSamplesInOnePlaceOfALaunchAreRefusedWithTheLaunch()
    {
        var launch = Launch() with
        {
            Samples = [new Sample(0, 0, 0, 1, 1, 1, null, 0, 0), new Sample(0, 0, 1, 1, 1, 1, null, 0, 0)],
        };

        (await Should.ThrowAsync<StoreException>(() => Store.AcceptAsync(Batch(launch), Token))).Problem.ShouldBe(
            StoreProblem.Refused
        );

        (await Store.LaunchesAsync(sweep, Cell(1), Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AWriteThatIsCancelledBeforeItBeginsIsNotMade()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() =>
            Store.FinishAsync(sweep, [Result()], cancelled.Token)
        );

        (await Store.FinishedIndicesAsync(sweep, Token).ToListAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadsGoOnWhileWritesDo()
    {
        await Store.FinishAsync(sweep, [.. Enumerable.Range(0, 1200).Select(n => Result(n))], Token);
        var seen = 0;
        await foreach (var cell in Store.CellsAsync(sweep, Token))
        {
            seen++;
            await Store.AcceptAsync(Batch(Launch(5000 + seen)), Token);
        }

        seen.ShouldBe(1200);
    }
}
