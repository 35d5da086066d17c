using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class GateTests
{
    [Theory]
    [InlineData("float64", 1e-10)]
    [InlineData("float32", 1e-5)]
    [InlineData("bfloat16", 5e-2)]
    public async Task EveryVariantPassesInEveryPass(string dtype, double tolerance)
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        foreach (var pass in new[] { "forward", "forward_backward", "training_step", "seed_epoch" })
        {
            var prepared = await worker.AskAsync<Reply.Prepared>(
                Requests.Prepare([.. TorchSharpWorker.Layers, "bench.empty"], pass, dtype)
            );

            prepared.GateSeconds.ShouldBeGreaterThan(0);
            prepared.Variants.Select(v => v.ParameterCount).ShouldBe([1600L, 1600, 1632, 3200, 0]);
            foreach (var facts in prepared.Variants)
            {
                facts.Tolerance.ShouldBe(tolerance);
                facts.ForwardError!.Value.ShouldBeLessThanOrEqualTo(tolerance);
                (facts.GradientError is not null).ShouldBe(pass != "forward" && facts.Label != "bench.empty");
            }

            await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
        }
    }

    [Fact]
    public async Task ManyHiddenUnitsWithinRoundingOfZeroDoNotMakeARightVariantWrong()
    {
        // 2 million units in two layers: some are nearer to zero than float32 can tell, whatever the seed.
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        var parameters = Requests.Small(batch: 16, seqLen: 64, dModel: 64, dFf: 1024);

        foreach (var dtype in new[] { "float32", "bfloat16" })
        {
            await worker.AskAsync<Reply.Prepared>(
                Requests.Prepare(TorchSharpWorker.Layers, "forward_backward", dtype, parameters: parameters)
            );
            await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
        }
    }

    [Fact]
    public async Task AGateThatIsNotAskedForReportsNoErrors()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();

        var prepared = await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"], gate: false));

        prepared.GateSeconds.ShouldBe(0);
        prepared.Variants.Single().ShouldBe(new PreparedFacts("ffn.dense", 1600, null, null, null));
    }

    [Fact]
    public async Task DropoutIsOffInTheGateAndOnWhileTimed()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        var trained = new List<string>();
        foreach (var dropout in new[] { 0, 0.5 })
        {
            var parameters = Requests.Small(dropout: dropout);
            await worker.AskAsync<Reply.Prepared>(
                Requests.Prepare(["ffn.keras_block"], "seed_epoch", parameters: parameters)
            );
            await worker.MeasureAsync(Requests.MeasureExactly(blocks: 0));
            trained.Add((await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"))).Base64.Single());
            await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
        }

        trained[0].ShouldNotBe(trained[1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnOutputThatOverflowsIsIncorrectAndNeverTimed(bool gate)
    {
        // Each residual layer makes its input about 1.2 times as large; 1.2^1000 is more than float32 holds.
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        var parameters = Requests.Small(batch: 1, seqLen: 1, dModel: 8, dFf: 32, depth: 1000);
        var prepare = Requests.Prepare(["ffn.dense", "ffn.residual_relu"], gate: gate, parameters: parameters);

        if (!gate)
        {
            await worker.AskAsync<Reply.Prepared>(prepare);
        }

        var trouble = await worker.AskAsync<Reply.Trouble>(
            gate
                ? prepare
                : Requests.Measure([
                    [0, 1],
                ])
        );

        trouble.Kind.ShouldBe("incorrect");
        trouble.Variant.ShouldBe("ffn.residual_relu");
    }
}
