using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.PyTorch;

public sealed class MeasureTests
{
    private static readonly string[] Pair = ["ffn.dense", "ffn.conv1d"];

    [Fact]
    public async Task RowsFollowTheOrdersAndAreWellFormed()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense", "ffn.conv1d", "bench.empty"]));
        int[][] orders =
        [
            [0, 1, 2],
            [2, 1, 0],
            [1, 2, 0],
            [0, 2, 1],
        ];

        var before = System.Diagnostics.Stopwatch.GetTimestamp();
        var measured = await worker.MeasureAsync(Requests.Measure(orders));

        measured.Warmed.Cell.ShouldBe("c1");
        measured.Warmed.Iterations.Count.ShouldBe(3);
        measured.Rows.Count.ShouldBe(12);
        for (var i = 0; i < 12; i++)
        {
            var row = measured.Rows[i];
            row.Count.ShouldBe(10);
            var variant = orders[i / 3][i % 3];
            row.Take(4).ShouldBe([variant, i / 3, i % 3, measured.Warmed.Iterations[variant]]);
            row[4].ShouldBePositive(); // wall
            row[5].ShouldBePositive(); // CPU
            row[6].ShouldBe(-1); // there is no device clock on a CPU
            row[7].ShouldBeGreaterThanOrEqualTo(0); // involuntary switches
            row[8].ShouldBeGreaterThanOrEqualTo(File.Exists("/proc/pressure/cpu") ? 0 : -1);
            row[9].ShouldBeInRange(before, System.Diagnostics.Stopwatch.GetTimestamp()); // start
        }
    }

    [Fact]
    public async Task IterationsMakeASampleAsLongAsAsked()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(Pair));

        var measured = await worker.MeasureAsync(
            Requests.Measure([.. Enumerable.Repeat<int[]>([0, 1], 25)], minimumSampleNanoseconds: 4_000_000)
        );

        measured.Warmed.Iterations.ShouldAllBe(n => n > 1);
        // A quarter of one in fifty: the speed of a busy machine changes between the warm-up and the blocks.
        measured.Rows.Max(r => r[4]).ShouldBeGreaterThan(1_000_000);
    }

    [Fact]
    public async Task WarmUpThatReachesItsMaximumIsNotSteadyButHasRunABlock()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(Pair));

        var measured = await worker.MeasureAsync(
            Requests.Measure(
                [
                    [0, 1],
                ],
                warmUpMinimum: 10,
                warmUpMaximum: 0
            )
        );

        measured.Warmed.Blocks.ShouldBe(1);
        measured.Warmed.Steady.ShouldBeFalse();
    }

    [Fact]
    public async Task WarmUpLastsItsMinimumAndAtLeastTenBlocksToBeSteady()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(Pair));

        var warmed = (
            await worker.MeasureAsync(
                Requests.Measure(
                    [
                        [0, 1],
                    ],
                    warmUpMinimum: 0.1
                )
            )
        ).Warmed;

        warmed.Seconds.ShouldBeGreaterThanOrEqualTo(0.1);
        warmed.Steady.ShouldBeTrue();
        warmed.Blocks.ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public async Task SamplesAreStreamedInBatches()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"]));

        var measured = await worker.MeasureAsync(
            Requests.Measure([.. Enumerable.Repeat<int[]>([0], 40)], minimumSampleNanoseconds: 50_000_000)
        );

        measured.Rows.Count.ShouldBe(40);
        measured.Messages.ShouldBeInRange(2, 1 + (int)(measured.Measured.Seconds / 0.25));
    }

    [Fact]
    public async Task AnOrderThatIsNoPermutationIsRefused()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(Pair));

        var trouble = await worker.AskAsync<Reply.Trouble>(
            Requests.Measure([
                [0, 0],
            ])
        );

        trouble.Message.ShouldContain("[0, 0] is no order of 2 variants");
    }

    [Theory]
    [InlineData("training_step", "continue", true)]
    [InlineData("seed_epoch", "reset", true)]
    [InlineData("seed_epoch", "continue", false)]
    public async Task SamplesOfATrainingPassStartFromTheFirstWeightsUnlessTheEpochContinues(
        string pass,
        string state,
        bool same
    )
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        var parameters = Requests.Small();
        parameters["state"] = Core.AxisValue.Of(state);
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"], pass, parameters: parameters));
        var untrained = await OutputAsync(worker);

        await worker.MeasureAsync(
            Requests.Measure(
                [
                    [0],
                ],
                minimumSampleNanoseconds: 1
            )
        );
        var first = await OutputAsync(worker);
        await worker.MeasureAsync(
            Requests.Measure(
                [
                    [0],
                    [0],
                    [0],
                ],
                minimumSampleNanoseconds: 1
            )
        );
        var second = await OutputAsync(worker);

        first.ShouldNotBe(untrained);
        (first == second).ShouldBe(same);
    }

    [Fact]
    public async Task ThePureRulesOfWarmUpAreRight()
    {
        const string Program = """
            import sys; sys.path.insert(0, sys.argv[1])
            import counters, environment, measure
            print(measure.kendall_s(range(10)), measure.kendall_s(range(10, 0, -1)), measure.kendall_s([1] * 10))
            print(measure.kendall_s([2, 1, 3]))
            print(measure.iterations_for(1_000_000, 300_000), measure.iterations_for(1_000_000, 1_000_000))
            print(measure.iterations_for(1_000_000, 5_000_000), measure.iterations_for(1_000, 0))
            print(environment.ranges({0, 1, 2, 3, 8, 10, 11}))
            print(counters.Counters("/no/such/file").read()[0])
            """;
        var text = await PyTorchWorker.RunAsync(["-c", Program, Path.GetDirectoryName(PyTorchWorker.Script)!]);

        text.ShouldBe("45 -45 0\n1\n4 1\n1 1000\n0-3,8,10-11\n-1\n");
    }

    private static async Task<string> OutputAsync(WorkerClient worker) =>
        (await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"))).Base64.Single();

    private static long Median(IEnumerable<long> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
