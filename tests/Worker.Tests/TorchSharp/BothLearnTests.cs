using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Tests.PyTorch;

namespace Layerbench.Worker.Tests.TorchSharp;

/// <summary>Both workers train from the same first weights on the same data by the same rule.</summary>
public sealed class BothLearnTests
{
    [Theory]
    [InlineData("pairwise", "mix.gconv2")]
    [InlineData("pairwise", "ffn.conv1d_ncl")]
    [InlineData("recall", "mix.attention")]
    [InlineData("recall", "mix.mlp")]
    [InlineData("parity", "mix.gconv_fft")]
    [InlineData("selective_copy", "mix.attention")]
    [InlineData("induction", "mix.attention")]
    public async Task TheFirstStepsGiveTheSameLosses(string pass, string variant)
    {
        var values = QualityCells.Small(
            ("steps", AxisValue.Of(8)),
            ("trial", AxisValue.Of(3)),
            ("blocks", AxisValue.Of(2)),
            ("tokens_ff", AxisValue.Of(32))
        );

        var runs = await Task.WhenAll(
            LearnAsync(true, pass, variant, values),
            LearnAsync(false, pass, variant, values)
        );

        // Each step's rounding goes on in the next; another weight, number or rule would be seen in the third digit.
        var (left, right) = (runs[0].Series!["loss"], runs[1].Series!["loss"]);
        left.Select(p => p[0]).ShouldBe([1d, 2d, 4d, 8d]);
        right.Select(p => p[0]).ShouldBe([1d, 2d, 4d, 8d]);
        foreach (var (l, r) in left.Zip(right))
        {
            l[1]!.Value.ShouldBe(r[1]!.Value, 2e-5 * r[1]!.Value);
        }

        left[3][1].ShouldNotBe(left[0][1]);
    }

    [Theory]
    [InlineData("mix.gconv2")]
    [InlineData("mix.attention")]
    public async Task TheMixedDifferencesAreTheSame(string variant)
    {
        var values = QualityCells.Small();

        var runs = await Task.WhenAll(
            LearnAsync(true, "interaction", variant, values),
            LearnAsync(false, "interaction", variant, values)
        );

        var (left, right) = (runs[0].Series!["interaction"], runs[1].Series!["interaction"]);
        left.Count.ShouldBe(15);
        foreach (var (l, r) in left.Zip(right))
        {
            l[0].ShouldBe(r[0]);
            l[1]!.Value.ShouldBe(r[1]!.Value, 1e-9);
        }
    }

    private static async Task<TrainedVariant> LearnAsync(
        bool sharp,
        string pass,
        string variant,
        IReadOnlyDictionary<string, AxisValue> values
    )
    {
        await using var worker = await (
            sharp ? TorchSharpWorker.StartAndGreetAsync() : PyTorchWorker.StartAndGreetAsync()
        );
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare(pass, values, variant));
        return (await worker.TrainAsync(QualityCells.Train(1, 2, 4))).Trained.Variants.Single();
    }
}
