using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.PyTorch;

public sealed class GateTests
{
    private static readonly string[] All =
    [
        "ffn.dense",
        "ffn.conv1d",
        "ffn.keras_block",
        "ffn.residual_relu",
        "bench.empty",
    ];

    [Theory]
    [InlineData("float64", 1e-10)]
    [InlineData("float32", 1e-5)]
    [InlineData("bfloat16", 5e-2)]
    public async Task EveryVariantPassesInEveryPass(string dtype, double tolerance)
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        foreach (var pass in new[] { "forward", "forward_backward", "training_step", "seed_epoch" })
        {
            var prepared = await worker.AskAsync<Reply.Prepared>(Requests.Prepare(All, pass, dtype));

            prepared.Variants.Count.ShouldBe(5);
            foreach (var facts in prepared.Variants)
            {
                facts.Tolerance.ShouldBe(tolerance);
                facts.ForwardError!.Value.ShouldBeLessThanOrEqualTo(tolerance);
                var compared = pass != "forward" && !facts.Label.StartsWith("bench", StringComparison.Ordinal);
                (facts.GradientError is not null).ShouldBe(compared, $"{facts.Label} {pass}");
            }

            await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
        }
    }

    [Fact]
    public async Task AGateThatIsNotAskedForReportsNoErrors()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();

        var prepared = await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"], gate: false));

        prepared.Variants.Single().ShouldBe(new PreparedFacts("ffn.dense", 1600, null, null, null));
    }

    [Fact]
    public async Task DropoutIsOffInTheGate()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        var parameters = Requests.Small();
        parameters["dropout"] = Core.AxisValue.Of(0.5);

        var prepared = await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare(["ffn.keras_block"], "forward_backward", parameters: parameters)
        );

        prepared.Variants.Single().ForwardError!.Value.ShouldBeLessThan(1e-5);
    }

    [Theory]
    [InlineData("broken.scaled", "forward", "incorrect", "its output differs from the float64 reference by 0.01")]
    [InlineData("broken.nan", "forward", "incorrect", "its output has NaN or infinity")]
    [InlineData(
        "broken.shape",
        "forward",
        "incorrect",
        "its output is [4, 7, 16] float32; it must be [4, 8, 16] float32"
    )]
    [InlineData("broken.shape", "training_step", "incorrect", "its output is [4, 7, 16] float32")]
    [InlineData("broken.gradient", "training_step", "incorrect", "its gradient of w1 differs")]
    [InlineData("broken.gradient", "seed_epoch", "incorrect", "its gradient of w1 differs")]
    [InlineData("broken.mixed", "training_step", "incorrect", "its gradient of k1 differs")]
    [InlineData("broken.disagrees", "forward", "incorrect", "its output differs from ffn.dense by 0.0099")]
    [InlineData("broken.throws", "forward", "error", "TypeError: unsupported operand")]
    public async Task ABrokenVariantIsNamedAndItsCellIsOver(string variant, string pass, string kind, string message)
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync(PyTorchWorker.BrokenVariants);

        var trouble = await worker.AskAsync<Reply.Trouble>(Requests.Prepare(["ffn.dense", variant], pass));

        trouble.Cell.ShouldBe("c1");
        trouble.Variant.ShouldBe(variant);
        trouble.Kind.ShouldBe(kind);
        trouble.Message.ShouldStartWith(message);
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"]));
    }

    [Fact]
    public async Task AVariantThatFailsWhileItIsTimedIsNamedAndTheWorkerGoesOn()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync(PyTorchWorker.BrokenVariants);
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense", "broken.late"]));

        var trouble = await worker.AskAsync<Reply.Trouble>(
            Requests.Measure([
                [0, 1],
            ])
        );

        trouble.ShouldBe(new Reply.Trouble("c1", "broken.late", "error", "RuntimeError: lost in the middle"));
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"]));
    }

    /// <summary>
    /// Of two million hidden units a few are so near zero that another order of rounding gives them another sign, and a
    /// gate that compared their gradients would call a correct variant wrong.
    /// </summary>
    [Fact]
    public async Task HiddenUnitsThatRoundToTheOtherSideOfZeroDoNotMakeAVariantWrong()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync(PyTorchWorker.BrokenVariants);
        var wide = Requests.Small();
        wide["batch"] = Core.AxisValue.Of(16);
        wide["seq_len"] = Core.AxisValue.Of(128);
        wide["d_ff"] = Core.AxisValue.Of(1024);

        var prepared = await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare(["odd.rounding"], "forward_backward", parameters: wide)
        );

        prepared.Variants.Single().GradientError!.Value.ShouldBeLessThan(1e-4);
    }

    /// <summary>
    /// A mixer carries such a unit to the gradients of a whole sequence. The gate allows for what the units near zero can
    /// change, and for nothing else: an error that is as large but elsewhere is one.
    /// </summary>
    [Fact]
    public async Task HiddenUnitsOfAMixerThatRoundToTheOtherSideOfZeroExcuseThemselvesOnly()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync(PyTorchWorker.BrokenVariants);
        var wide = Requests.Small();
        wide["batch"] = Core.AxisValue.Of(8);
        wide["seq_len"] = Core.AxisValue.Of(64);
        wide["d_model"] = Core.AxisValue.Of(64);

        var prepared = await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare(["odd.mixed"], "forward_backward", parameters: wide)
        );
        await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
        var trouble = await worker.AskAsync<Reply.Trouble>(
            Requests.Prepare(["broken.mixed"], "forward_backward", parameters: wide)
        );

        prepared.Variants.Single().GradientError!.Value.ShouldBeInRange(1e-2, 1);
        trouble.Message.ShouldStartWith("its gradient of k1 differs");
    }

    [Theory]
    [InlineData("mix.none")]
    [InlineData("mix.fnet")]
    public async Task AVariantWithNothingToTrainIsUnsupportedWhereOnlyWeightsAreTrained(string variant)
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();

        var trouble = await worker.AskAsync<Reply.Trouble>(Requests.Prepare([variant], "training_step"));

        trouble.Kind.ShouldBe("unsupported");
        trouble.Message.ShouldBe(
            $"training_step: {variant} has nothing to train here; give forward or forward_backward"
        );
    }
}
