using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Core.Sweeps;

namespace Layerbench.Worker.Tests;

/// <summary>What variants learn, or let tokens do, in small tasks: the same of every backend.</summary>
public abstract class LearningContract
{
    private protected abstract Task<WorkerClient> StartAndGreetAsync();

    private protected abstract Task<BackendInfo> DescribeAsync();

    [Fact]
    public async Task TokensThatNeverMeetHaveAMixedDifferenceOfExactlyZero()
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare("interaction", QualityCells.Small(), "ffn.dense"));

        var exchange = await worker.TrainAsync(QualityCells.Train());

        var variant = exchange.Trained.Variants.ShouldHaveSingleItem();
        variant.Status.ShouldBe("finished");
        variant.Steps.ShouldBe(0);
        variant.Values!["interaction"].ShouldBe(0);
        variant.Series!["interaction"].Select(p => p[0]).ShouldBe(Enumerable.Range(1, 15).Select(d => (double?)d));
        variant.Series["interaction"].ShouldAllBe(p => p[1] == 0);
    }

    [Theory]
    [InlineData("mix.gconv_direct", "relu", 0)]
    [InlineData("mix.gconv_fft", "relu", 0)]
    [InlineData("mix.gconv2", "none", 0)]
    [InlineData("mix.none", "relu", 0)]
    [InlineData("mix.gconv2", "relu", 0.05)]
    [InlineData("mix.attention", "relu", 0.05)]
    public async Task OnlyANonlinearityBetweenConvolutionsLetsTokensInteract(
        string variant,
        string activation,
        double atLeast
    )
    {
        await using var worker = await StartAndGreetAsync();
        var values = QualityCells.Small(("activation", AxisValue.Of(activation)));
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare("interaction", values, variant));

        var exchange = await worker.TrainAsync(QualityCells.Train());

        var interaction = exchange.Trained.Variants.Single().Values!["interaction"]!.Value;
        if (atLeast == 0)
        {
            interaction.ShouldBe(0);
        }
        else
        {
            interaction.ShouldBeGreaterThan(atLeast);
        }
    }

    [Fact]
    public async Task TwoConvolutionsWithANonlinearityLearnAPairAtADistanceAndOneConvolutionDoesNot()
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(
            QualityCells.Prepare("pairwise", QualityCells.Pairwise(), "mix.gconv2", "mix.gconv_fft")
        );

        var exchange = await worker.TrainAsync(QualityCells.Train());

        exchange.Trained.Variants[0].Values!["accuracy"]!.Value.ShouldBeGreaterThanOrEqualTo(0.99);
        exchange.Trained.Variants[1].Values!["accuracy"]!.Value.ShouldBeInRange(0.45, 0.55);
    }

    [Fact]
    public async Task AttentionHasSolvedASmallRecallBeforeItsLastStep()
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(
            QualityCells.Prepare("recall", QualityCells.SmallRecall(), "mix.attention")
        );

        var exchange = await worker.TrainAsync(QualityCells.Train());

        var variant = exchange.Trained.Variants.Single();
        variant.Status.ShouldBe("solved");
        variant.Steps.ShouldBeLessThan(400);
        variant.Values!["accuracy"]!.Value.ShouldBeGreaterThanOrEqualTo(0.995);
    }

    [Theory]
    [InlineData("parity", "mix.gconv_fft", 0.5)]
    [InlineData("selective_copy", "mix.attention", 0.5)]
    [InlineData("induction", "mix.attention", 0.25)]
    public async Task ATaskOverTokensIsSolvedByAMixerThatSuitsItAndGuessedWithoutOne(
        string pass,
        string mixer,
        double guess
    )
    {
        var values = QualityCells.SmallTokens(pass);
        var info = (await DescribeAsync()).Passes.Single(p => p.Name == pass);
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare(pass, values, mixer, "mix.none"));

        var exchange = await worker.TrainAsync(QualityCells.Train());

        info.Metric.ShouldBe("accuracy");
        Expression.Parse(info.Guess!).Number(name => values[name]).ShouldBe(guess);
        var (mixing, blind) = (exchange.Trained.Variants[0], exchange.Trained.Variants[1]);
        mixing.Status.ShouldBe("solved");
        mixing.Values!["accuracy"]!.Value.ShouldBeGreaterThanOrEqualTo(0.995);
        blind.Status.ShouldBe("finished");
        blind.Values!["accuracy"]!.Value.ShouldBeLessThan(guess + 0.15);
    }
}
