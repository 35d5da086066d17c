using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests;

/// <summary>The pass `seed_epoch`: where its batches lie changes no number. The same of every backend.</summary>
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
