using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests;

/// <summary>The pass `seed_epoch`: where its batches lie changes no number, and what it learns is told. The same of every backend.</summary>
public abstract class EpochContract
{
    /// <summary>Started and past hello.</summary>
    private protected abstract Task<WorkerClient> StartAndGreetAsync();

    /// <summary>Ten sequences in batches of four, so that the last is smaller; one variant takes them channels first.</summary>
    [Theory]
    [InlineData("ffn.dense", "continue")]
    [InlineData("ffn.dense", "reset")]
    [InlineData("ffn.conv1d_ncl", "continue")]
    public async Task BatchesFromHostMemoryTrainToTheSameBitsAsThoseOnTheDevice(string variant, string state)
    {
        await using var worker = await StartAndGreetAsync();
        var device = await TrainAsync(worker, variant, state, "device");
        var host = await TrainAsync(worker, variant, state, "host");

        host.Before.ShouldBe(device.Before);
        host.After.ShouldBe(device.After);
        host.After.ShouldNotBe(host.Before);
    }

    [Fact]
    public async Task BatchesThatLieNowhereElseAreRefused()
    {
        await using var worker = await StartAndGreetAsync();

        var trouble = await worker.AskAsync<Reply.Trouble>(
            Requests.Prepare(["ffn.dense"], "seed_epoch", parameters: Requests.Small(data: "disk"))
        );

        trouble.Message.ShouldContain("'disk'");
        trouble.Message.ShouldContain("device, host");
    }

    /// <summary>The warm-up's epoch is the first of the four.</summary>
    [Fact]
    public async Task TheLossFallsWhereEpochsContinue()
    {
        await using var worker = await StartAndGreetAsync();
        var losses = await LossesAsync(worker, "continue");

        losses.Length.ShouldBe(4);
        losses.ShouldBe(losses.OrderDescending());
        losses.Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task TheLossIsTheSameToTheBitWhereEachEpochStartsAnew()
    {
        await using var worker = await StartAndGreetAsync();
        var anew = await LossesAsync(worker, "reset");
        var first = (await LossesAsync(worker, "continue"))[0];

        anew.ShouldBe([first, first, first, first]);
    }

    [Fact]
    public async Task AVariantThatLearnsNothingHasNoCurve()
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["bench.empty", "ffn.dense"], "seed_epoch"));

        var measured = await worker.MeasureAsync(
            Requests.Measure(
                [
                    [0, 1],
                ],
                1,
                0,
                0
            )
        );

        measured.Measured.Series!.Select(s => s?.Keys.Single()).ShouldBe([null, "loss"]);
    }

    [Fact]
    public async Task APassThatDoesNotTrainTellsNoCurves()
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"], "forward"));

        (await worker.MeasureAsync(Requests.MeasureExactly(1))).Measured.Series.ShouldBeNull();
    }

    /// <summary>Of the warm-up's epoch and three timed ones.</summary>
    internal static async Task<double[]> LossesAsync(WorkerClient worker, string state)
    {
        await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare(["ffn.dense"], "seed_epoch", parameters: Requests.Small(state: state))
        );
        var measured = await worker.MeasureAsync(Requests.MeasureExactly(3));
        await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
        var loss = measured.Measured.Series.ShouldHaveSingleItem()!["loss"];
        loss.Select(p => p[0]).ShouldBe(Enumerable.Range(1, loss.Count).Select(epoch => (double?)epoch));
        return [.. loss.Select(p => p[1]!.Value)];
    }

    /// <summary>The outputs before and after four epochs, past the gate.</summary>
    private static async Task<(string Before, string After)> TrainAsync(
        WorkerClient worker,
        string variant,
        string state,
        string data
    )
    {
        await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare([variant], "seed_epoch", parameters: Requests.Small(state: state, data: data))
        );
        var before = await OutputAsync(worker);
        await worker.MeasureAsync(Requests.MeasureExactly(3));
        var after = await OutputAsync(worker);
        await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
        return (before, after);
    }

    private static async Task<string> OutputAsync(WorkerClient worker) =>
        (await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"))).Base64.Single();
}
