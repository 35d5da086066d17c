using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Report.Data;

namespace Layerbench.Report.Tests.Data;

public class ReportReaderTests
{
    [Fact]
    public async Task ARunIsReadWholeInOnePass()
    {
        await using var run = new MadeRun()
            .Timed(0, 1, 64, 0.5)
            .Timed(1, 1, 128, 2)
            .Timed(2, 4, 64, 1)
            .Ended(3, 4, 128, new Outcome.Skipped("needs 90 GB"))
            .Timed(4, 1, 64, 1.0001, second: Controls.SameLabel);

        var data = await run.ReadAsync();

        data.Question.ShouldBe("Dense or Conv1D?");
        data.Answers.ShouldBe([
            "ffn.conv1d is faster than ffn.dense in 1 of 3 cells, by up to 2.00×; ffn.dense is faster in 1, by up to 2.00×; 1 is equivalent.",
        ]);
        data.Trust[0].Text.ShouldBe("Identical code was called different in 0 of 1 [0%, 79.3%].");
        data.Axes.Where(a => a.Varies)
            .Select(a => (a.Name, a.Listed))
            .ShouldBe([("batch", true), ("d_model", true), ("d_ff", false)]);
        data.Axes.Single(a => a.Name == "batch").Values.ShouldBe([AxisValue.Of(1), AxisValue.Of(4)]);
        data.Labels.ShouldBe([MadeRun.Dense, MadeRun.Conv, Controls.SameLabel]);
        data.Cells.Select(c => c.Rows[1].Verdict)
            .ShouldBe([Verdict.Faster, Verdict.Slower, Verdict.Equivalent, null, Verdict.Equivalent]);
        data.Cells[3].Note.ShouldBe("needs 90 GB");
        data.Detail.ShouldBe(SampleDetail.Samples);
        data.Cells[0].Launches.Count.ShouldBe(6);
        data.Cells[0].Launches[0].Seconds[0].ShouldBe([0.001, 0.0010001, 0.0010002, 0.0010003], 1e-12);
        data.Cells[0].Launches[0].Ratios[0].ShouldBeNull();
        data.Cells[0].Launches[0].Ratios[1]!.Value.ShouldBe(0.499, 1e-6);
    }

    [Fact]
    public async Task CellsThatAreJudgedSideBySideAreThoseThatAreJudgedAlone()
    {
        await using var run = new MadeRun();
        for (var index = 0; index < 100; index++)
        {
            run.Timed(index, 1, 64 * (1 + index), 0.5 + 0.01 * index, count: 6 + index % 3);
        }

        var data = await run.ReadAsync();
        var token = TestContext.Current.CancellationToken;

        data.Cells.Count.ShouldBe(100);
        foreach (var (place, cell) in (await run.Store.CellsAsync(run.Sweep.Id, token).ToListAsync(token)).Index())
        {
            var launches = await run.Store.LaunchesAsync(run.Sweep.Id, cell.Id, token);
            var alone = CellAnalysis.Of(cell.Labels, cell.Baseline, launches, new AnalysisRule()).Estimate!;
            var row = data.Cells[place].Rows[1];
            row.Cell.ShouldBe(cell.Id);
            row.Ratio!.Value.ShouldBe(alone.Variants[1].Ratio!.Value.Value, 1e-11);
            row.RatioLow!.Value.ShouldBe(alone.Variants[1].Ratio!.Value.Low, 1e-11);
            row.RatioHigh!.Value.ShouldBe(alone.Variants[1].Ratio!.Value.High, 1e-11);
            data.Cells[place]
                .Launches.Select(l => (l.Number, l.StartedAt))
                .ShouldBe(launches.Where(l => l.Kind == LaunchKind.Time).Select(l => (l.Number, l.StartedAt)));
        }
    }

    [Fact]
    public async Task RowsThatAreFasterThanTheirDeviceCanBeAreCountedAsTheTableHasThem()
    {
        await using var run = new MadeRun().Timed(0, 1, 64, 0.01).Timed(1, 1, 128, 0.5).Timed(2, 4, 64, 0.012);

        var data = await run.ReadAsync();

        data.Cells.Sum(c => c.Rows.Count(r => r.Roofline is { IsImpossible: true })).ShouldBe(2);
        data.Trust.Single(t => t.Name == "roofline")
            .Text.ShouldBe(
                "2 rows faster than the device was measured to be able to; the time or the count of FLOPs is wrong."
            );
    }

    [Fact]
    public async Task AnEmptyRunSaysSo()
    {
        await using var run = new MadeRun();

        var data = await run.ReadAsync();

        data.Answers.ShouldBe(["Nothing has been measured yet."]);
        data.Trust.ShouldBeEmpty();
        data.Cells.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatWasLearntIsASentence()
    {
        await using var run = new MadeRun().Trained(0, 1, 64, ("conv", 0.5), ("relu", 0.9912), ("wild", null));

        var data = await run.ReadAsync();

        data.Answers.ShouldBe(["accuracy: relu 0.991, conv 0.5, wild diverged; guessing gives 0.5."]);
        data.Trust.Select(t => t.Name).ShouldBe(["learnt"]);
    }

    [Fact]
    public void SamplesGiveWayToQuartilesAndThenToMediansForAllCellsAlike()
    {
        var kept = new KeptLaunches();
        var cell = Made.Cell();
        void Add(int samples) =>
            kept.Add(KeptLaunches.Digests(cell, [Made.Launch(cell, 0, samples)], new AnalysisRule()));
        var samples = KeptLaunches.MostNumbers / 2;

        Add(samples / 2);
        kept.Detail.ShouldBe(SampleDetail.Samples);
        kept[0][0].Seconds[0].Length.ShouldBe(samples / 2);

        Add(samples);
        kept.Detail.ShouldBe(SampleDetail.Quartiles);
        kept[0][0].Seconds[0].Length.ShouldBe(5);
        var (quartiles, middle) = (kept[1][0].Seconds[0], kept[1][0].Seconds[0][2]);
        quartiles.ShouldBe([.. quartiles.Order()]);

        for (var i = 0; i < KeptLaunches.MostNumbers / 10; i++)
        {
            Add(1);
        }

        kept.Detail.ShouldBe(SampleDetail.Medians);
        kept[1][0].Seconds[0].ShouldBe([middle]);
    }
}
