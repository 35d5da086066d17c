using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests;

/// <summary>What every worker does with a pass that trains: the same of every backend.</summary>
public abstract class QualityContract
{
    private protected abstract Task<WorkerClient> StartAndGreetAsync();

    [Theory]
    [InlineData("pairwise")]
    [InlineData("recall")]
    [InlineData("parity")]
    [InlineData("selective_copy")]
    [InlineData("induction")]
    public async Task ARunTellsItsProgressWaitsAtRungsAndEndsWithWhatWasLearnt(string pass)
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare(pass, QualityCells.Small(), "ffn.dense"));

        var exchange = await worker.TrainAsync(QualityCells.Train(20, 40));

        Evaluated(exchange).ShouldBe([20, 40, 50, 60]);
        exchange.Before.OfType<Reply.Rung>().Select(r => r.Step).ShouldBe([20L, 40L]);
        foreach (var rung in exchange.Before.OfType<Reply.Rung>())
        {
            var told = exchange.Before.OfType<Reply.Progress>().Last(p => p.Step == rung.Step);
            rung.Value.ShouldBe(told.Values!["accuracy"]);
        }

        exchange.Trained.Cell.ShouldBe(QualityCells.Cell);
        var variant = exchange.Trained.Variants.ShouldHaveSingleItem();
        variant.Status.ShouldBe("finished");
        variant.Steps.ShouldBe(60);
        variant.Values!.Keys.Order().ShouldBe(["accuracy", "loss"]);
        variant.Series!.Keys.Order().ShouldBe(["accuracy", "loss"]);
        variant.Series["accuracy"].Select(point => point[0]).ShouldBe([20d, 40d, 50d, 60d]);
        variant.Series["accuracy"][^1][1].ShouldBe(variant.Values["accuracy"]);
        await worker.AskAsync<Reply.Released>(new Request.Release(QualityCells.Cell));
        await worker.AskAsync<Reply.Bye>(new Request.Bye());
        (await worker.ExitCodeAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("pairwise")]
    [InlineData("recall")]
    [InlineData("parity")]
    [InlineData("selective_copy")]
    [InlineData("induction")]
    [InlineData("interaction")]
    public async Task TwoProcessesLearnTheSameFromOneSeedAndAnotherTrialLearnsElse(string pass)
    {
        var first = await LearnAsync(pass, QualityCells.Small());
        var second = await LearnAsync(pass, QualityCells.Small());
        var other = await LearnAsync(pass, QualityCells.Small(("trial", AxisValue.Of(2))));

        second.ShouldBe(first);
        if (pass != "interaction")
        {
            other.ShouldNotBe(first);
        }
    }

    [Fact]
    public async Task ARunThatTheEngineEndsIsPrunedAndTheNextVariantIsTrained()
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(
            QualityCells.Prepare("pairwise", QualityCells.Small(), "ffn.dense", "ffn.conv1d")
        );

        var exchange = await worker.TrainAsync(QualityCells.Train(10, 30), rung => rung.Variant == 1);

        exchange.Trained.Variants.Select(v => v.Status).ShouldBe(["pruned", "finished"]);
        exchange.Trained.Variants.Select(v => v.Steps).ShouldBe([10L, 60L]);
        exchange.Trained.Variants[0].Values!.Keys.ShouldContain("accuracy");
        exchange.Before.OfType<Reply.Rung>().Select(r => (r.Variant, r.Step)).ShouldBe([(0, 10L), (1, 10L), (1, 30L)]);
    }

    [Theory]
    [InlineData("pairwise")]
    [InlineData("recall")]
    public async Task ALossWithoutBoundIsAnAnswerWithoutAValue(string pass)
    {
        await using var worker = await StartAndGreetAsync();
        var wild = QualityCells.Small(("learning_rate", AxisValue.Of(1e6)));
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare(pass, wild, "ffn.dense"));

        var exchange = await worker.TrainAsync(QualityCells.Train());

        var variant = exchange.Trained.Variants.ShouldHaveSingleItem();
        variant.Status.ShouldBe("diverged");
        variant.Steps.ShouldBeLessThan(60);
        (variant.Values ?? new Dictionary<string, double?>()).ShouldBeEmpty();
    }

    [Fact]
    public async Task WithoutALearningRateNothingIsLearnt()
    {
        // Half of the labels are right by guessing: 512 sequences of 13 of them, 4.5 standard errors.
        await using var worker = await StartAndGreetAsync();
        var still = QualityCells.Small(("learning_rate", AxisValue.Of(0)));
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare("pairwise", still, "ffn.dense"));

        var exchange = await worker.TrainAsync(QualityCells.Train());

        var points = exchange.Trained.Variants[0].Series!["accuracy"];
        points.Select(p => p[1]).Distinct().ShouldHaveSingleItem()!.Value.ShouldBeInRange(0.47, 0.53);
    }

    [Fact]
    public async Task TheEndOfInputEndsATrainingAtOnce()
    {
        await using var worker = await StartAndGreetAsync();
        var values = QualityCells.Small(("steps", AxisValue.Of(1_000_000_000)));
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare("pairwise", values, "ffn.dense"));
        await worker.SendAsync(QualityCells.Train());
        await worker.ExpectAsync<Reply.Progress>();

        worker.CloseInput();

        (await worker.ExitCodeAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task TheEndOfInputAtARungEndsTheWorker()
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare("pairwise", QualityCells.Small(), "ffn.dense"));
        await worker.SendAsync(QualityCells.Train(1));
        await worker.ExpectAsync<Reply.Progress>();
        await worker.ExpectAsync<Reply.Rung>();

        worker.CloseInput();

        (await worker.ExitCodeAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task AnythingButADecisionAtARungEndsTheWorker()
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare("pairwise", QualityCells.Small(), "ffn.dense"));
        await worker.SendAsync(QualityCells.Train(1));
        await worker.ExpectAsync<Reply.Progress>();
        await worker.ExpectAsync<Reply.Rung>();

        await worker.SendAsync(new Request.Decide(QualityCells.Cell, 1, true));

        (await worker.ExpectAsync<Reply.Trouble>()).Message.ShouldContain("waits for its decide");
        (await worker.ExitCodeAsync()).ShouldBe(2);
    }

    [Theory]
    [InlineData("pairwise", "distance", 16, "distance: is 16 in sequences of 16 tokens; give less than seq_len")]
    [InlineData("recall", "pairs", 6, "pairs: are 6 in sequences of 16 tokens; give at most seq_len / 3")]
    [InlineData("recall", "vocabulary", 4, "pairs: are 2 of a vocabulary of 4; give at most 1")]
    [InlineData(
        "parity",
        "ways",
        7,
        "ways: is 7, which reaches 18 tokens back in 16; give (ways - 1) * distance < seq_len"
    )]
    [InlineData("selective_copy", "items", 9, "items: are 9 in sequences of 16 tokens; give at most seq_len / 2")]
    [InlineData("induction", "seq_len", 2, "seq_len: is 2; give at least 3")]
    [InlineData("interaction", "seq_len", 1, "seq_len: is 1; give at least 2")]
    public async Task ATaskThatDoesNotExistAtAPointIsSkippedWithTheReason(
        string pass,
        string axis,
        int value,
        string reason
    )
    {
        await using var worker = await StartAndGreetAsync();

        var trouble = await worker.AskAsync<Reply.Trouble>(
            QualityCells.Prepare(pass, QualityCells.Small((axis, AxisValue.Of(value))), "ffn.dense")
        );

        trouble.Kind.ShouldBe("unsupported");
        trouble.Message.ShouldContain(reason);
        trouble.Variant.ShouldBe("ffn.dense 0");
    }

    [Fact]
    public async Task WhatIsNoLayerLearnsNothing()
    {
        await using var worker = await StartAndGreetAsync();

        var trouble = await worker.AskAsync<Reply.Trouble>(
            QualityCells.Prepare("pairwise", QualityCells.Small(), "bench.empty")
        );

        trouble.Kind.ShouldBe("unsupported");
        trouble.Message.ShouldContain("is no layer and learns nothing");
    }

    [Fact]
    public async Task ACellToTrainIsNotTimedAndOneToTimeIsNotTrained()
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare("pairwise", QualityCells.Small(), "ffn.dense"));
        var untimed = await worker.AskAsync<Reply.Trouble>(
            new Request.Measure(
                QualityCells.Cell,
                [
                    [0],
                ],
                1,
                0,
                0
            )
        );
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare("forward", QualityCells.Small(), "ffn.dense"));
        var untrained = await worker.AskAsync<Reply.Trouble>(QualityCells.Train());

        untimed.Message.ShouldContain("'pairwise' is of kind quality; send train");
        untrained.Message.ShouldContain("'forward' is of kind time; send measure");
    }

    private static IEnumerable<long> Evaluated(TrainingExchange exchange) =>
        exchange.Before.OfType<Reply.Progress>().Where(p => p.Values!.ContainsKey("accuracy")).Select(p => p.Step);

    /// <summary>All that a run tells but times, as text.</summary>
    private async Task<string> LearnAsync(string pass, IReadOnlyDictionary<string, AxisValue> values)
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(QualityCells.Prepare(pass, values, "ffn.dense"));
        var exchange = await worker.TrainAsync(QualityCells.Train());
        var variant = exchange.Trained.Variants.Single();
        var points = variant.Series!.OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => s.Value);
        return $"{variant.Status} {variant.Steps} "
            + string.Join(' ', points.Select(p => FormattableString.Invariant($"{p[0]}:{p[1]:R}")));
    }
}
