using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Tests.Simulated;

public sealed class SimulatedWorkerTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly VirtualClock clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly BackendInfo Backend = SimulatedBackend.Describe([
        new BackendInfo(
            "pytorch",
            1,
            [new VariantInfo("ffn.dense", "", "", "", [], [], "1", "4*n", "8*n", [])],
            [new PassInfo("training_step", "", [], "3", "2")],
            ["float32"]
        ),
    ]);

    private async Task<IWorker> StartAsync(ulong seed = 1) =>
        await new SimulatedWorkerFactory(Backend, clock).StartAsync(
            new WorkerStart(
                SimulatedBackend.Name,
                new DeviceInfo(new DeviceId("simulated:0"), "simulated", "s", [], 1),
                LaunchKind.Time,
                1,
                seed
            ),
            Cancellation
        );

    private static Request.Prepare Prepare(
        string variant,
        string pass,
        params (string Name, AxisValue Value)[] parameters
    ) =>
        new(
            "c",
            pass,
            "float32",
            1,
            Gate: true,
            [
                new PreparedVariant(
                    "v",
                    variant,
                    parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)
                ),
            ]
        );

    private static async Task<IReadOnlyList<long>> FirstRowAsync(IWorker worker, Request.Prepare prepare)
    {
        worker.Send(prepare);
        (await worker.ReceiveAsync(Hour, Cancellation)).ShouldBeOfType<Reply.Prepared>();
        worker.Send(
            new Request.Measure(
                "c",
                [
                    [0],
                    [0],
                ],
                1_000_000,
                0.2,
                2
            )
        );
        (await worker.ReceiveAsync(Hour, Cancellation)).ShouldBeOfType<Reply.Warmed>();
        var rows = (await worker.ReceiveAsync(Hour, Cancellation)).ShouldBeOfType<Reply.Samples>().Rows;
        rows.Count.ShouldBe(2);
        (await worker.ReceiveAsync(Hour, Cancellation)).ShouldBeOfType<Reply.Measured>();
        worker.Send(new Request.Release("c"));
        (await worker.ReceiveAsync(Hour, Cancellation)).ShouldBe(new Reply.Released("c"));
        return rows[0];
    }

    [Fact]
    public async Task ARealVariantTakesTheTimeOfItsFlops()
    {
        await using var worker = await StartAsync();
        var row = await FirstRowAsync(
            worker,
            Prepare("ffn.dense", "training_step", ("n", AxisValue.Of(1_000_000_000L)))
        );

        // 3 passes' worth of 4e9 FLOPs at 5e10 a second, give or take 2% of noise.
        (row[4] / 1e9 / row[3]).ShouldBe(0.24, 0.03);
        row[3].ShouldBe(1);
    }

    [Fact]
    public async Task SamplesOfOneSeedAreTheSameAndOfAnotherAreNot()
    {
        var prepare = Prepare(SimulatedBackend.Cost, "forward", ("cost_us", AxisValue.Of(5000L)));
        var rows = new List<IReadOnlyList<long>>();
        foreach (var seed in (ulong[])[1, 1, 2])
        {
            await using var worker = await StartAsync(seed);
            rows.Add(await FirstRowAsync(worker, prepare));
        }

        rows[0].ShouldBe(rows[1]);
        rows[0].ShouldNotBe(rows[2]);
    }

    [Fact]
    public async Task MeasuringTakesVirtualTime()
    {
        await using var worker = await StartAsync();
        var before = clock.GetUtcNow();
        await FirstRowAsync(
            worker,
            Prepare(
                SimulatedBackend.Cost,
                "forward",
                ("cost_us", AxisValue.Of(3_000_000L)),
                ("noise", AxisValue.Of(0L)),
                ("launch_noise", AxisValue.Of(0L))
            )
        );
        (clock.GetUtcNow() - before).ShouldBe(TimeSpan.FromSeconds(0.2 + 2 * 3));
    }

    [Fact]
    public async Task WithABiasIdenticalVariantsAreSlowerTheLaterTheyArePrepared()
    {
        await using var worker = await StartAsync();
        var prepare = Prepare(
            SimulatedBackend.Cost,
            "forward",
            ("cost_us", AxisValue.Of(3_000_000L)),
            ("noise", AxisValue.Of(0L)),
            ("launch_noise", AxisValue.Of(0L)),
            ("layout_bias", AxisValue.Of(0.1))
        );
        var variant = prepare.Variants[0];
        worker.Send(prepare with { Variants = [variant, variant with { Label = "w" }, variant with { Label = "x" }] });
        worker.Send(
            new Request.Measure(
                "c",
                [
                    [2, 0, 1],
                ],
                1_000_000,
                0.2,
                2
            )
        );
        await worker.ReceiveAsync(Hour, Cancellation);
        await worker.ReceiveAsync(Hour, Cancellation);

        var rows = (await worker.ReceiveAsync(Hour, Cancellation)).ShouldBeOfType<Reply.Samples>().Rows;

        rows.Select(r => (Variant: r[0], Seconds: Math.Round(r[4] / 1e9, 6))).ShouldBe([(2, 3.6), (0, 3.0), (1, 3.3)]);
    }

    [Fact]
    public async Task AFaultStrikesAsOftenAsItIsTold()
    {
        var struck = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            await using var worker = await StartAsync(seed);
            worker.Send(
                Prepare(
                    SimulatedBackend.Cost,
                    "forward",
                    ("fault", AxisValue.Of("unsupported")),
                    ("fault_rate", AxisValue.Of(0.25))
                )
            );
            struck += await worker.ReceiveAsync(Hour, Cancellation) is Reply.Trouble ? 1 : 0;
        }

        struck.ShouldBeInRange(32, 68); // binomial, 50 ± 3 sigma
    }

    [Fact]
    public async Task AnAnswerThatComesAfterTheDeadlineIsATimeoutAtTheDeadline()
    {
        await using var worker = await StartAsync();
        var before = clock.GetUtcNow();
        worker.Send(new Request.Hello(1, "cpu", 1, new Dictionary<string, bool>(StringComparer.Ordinal)));
        var lost = await Should.ThrowAsync<WorkerLostException>(async () =>
            await worker.ReceiveAsync(TimeSpan.FromSeconds(0.1), Cancellation)
        );
        lost.Cause.ShouldBe(LossCause.Timeout);
        (clock.GetUtcNow() - before).ShouldBe(TimeSpan.FromSeconds(0.1));
    }
}
