using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests;

/// <summary>Extra work is real work in the worker, and its share is what was asked for: the same of every backend.</summary>
public abstract class ExtraWorkContract
{
    private const int Blocks = 60;

    private protected abstract WorkerClient Start();

    /// <summary>Started and past hello.</summary>
    private protected abstract Task<WorkerClient> StartAndGreetAsync();

    /// <summary>About 0.1 ms an iteration, so that the harness is small beside it.</summary>
    private static Dictionary<string, AxisValue> Parameters
    {
        get
        {
            var parameters = Requests.Small();
            parameters["batch"] = AxisValue.Of(8);
            parameters["d_model"] = AxisValue.Of(64);
            parameters["d_ff"] = AxisValue.Of(256);
            return parameters;
        }
    }

    [Theory]
    [InlineData("forward")]
    [InlineData("training_step")]
    public async Task AVariantWithExtraWorkDoesMore(string pass)
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Cell(pass, null, 9));

        int[][] orders =
        [
            [0, 1],
            [1, 0],
        ];
        var measured = await worker.MeasureAsync(
            Requests.Measure([.. Enumerable.Range(0, Blocks).Select(b => orders[b % 2])], warmUpMinimum: 0.3)
        );

        // Ten times the work, by the processor's time: far enough that no busy machine hides it. How closely a share is
        // met is measured by bench -- validity.
        MedianRatio(measured, 1).ShouldBeGreaterThan(1.5);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(101)]
    public async Task AShareThatIsNoneIsRefused(double share)
    {
        await using var worker = await StartAndGreetAsync();

        var trouble = await worker.AskAsync<Reply.Trouble>(Cell("forward", share));

        trouble.Kind.ShouldBe("error");
        trouble.Message.ShouldBe(
            FormattableString.Invariant($"extra_work: {share} is no share of the variant's time; give 0 to 100.")
        );
    }

    [Fact]
    public async Task PeaksAreThoseOfADeviceAndNeedNoCell()
    {
        await using var worker = await StartAndGreetAsync();

        var peaks = await worker.AskAsync<Reply.Peaks>(new Request.MeasurePeaks());

        // Any CPU of the last twenty years, and none of the next ten.
        peaks.GemmFlopsPerSecond.ShouldBeInRange(1e8, 1e14);
        peaks.TriadBytesPerSecond!.Value.ShouldBeInRange(1e8, 1e13);
        await worker.AskAsync<Reply.Prepared>(Cell("forward", 0));
    }

    [Fact]
    public async Task PeaksBeforeHelloAreRefused()
    {
        await using var worker = Start();

        var trouble = await worker.AskAsync<Reply.Trouble>(new Request.MeasurePeaks());

        trouble.Message.ShouldContain("say hello first");
    }

    /// <summary>The same variant once per share.</summary>
    private static Request.Prepare Cell(string pass, params double?[] shares) =>
        new(
            "c1",
            pass,
            "float32",
            1,
            false,
            [.. shares.Select((share, i) => new PreparedVariant($"v{i}", "ffn.dense", Parameters, share))]
        );

    private static double MedianRatio(Measurement measured, int variant)
    {
        var ratios = measured
            .Rows.GroupBy(r => r[1])
            .Select(block => Seconds(block, variant) / Seconds(block, 0))
            .Order()
            .ToList();
        return ratios[ratios.Count / 2];
    }

    private static double Seconds(IEnumerable<IReadOnlyList<long>> block, int variant)
    {
        var row = block.Single(r => r[0] == variant);
        return (double)row[5] / row[3];
    }
}
