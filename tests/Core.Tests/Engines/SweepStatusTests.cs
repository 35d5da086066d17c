using Layerbench.Core.Engines;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Engines;

public class SweepStatusTests
{
    private static readonly SweepProgress begun = new(10, 4, 4, 0, InFlight: 2, Paused: false, Cancelled: false);

    [Fact]
    public void TheStageIsWhatAUserOrTheEngineSaidAndElseWhatGoesOn()
    {
        SweepStatus.StageOf(begun).ShouldBe(SweepStage.Running);
        SweepStatus.StageOf(begun with { InFlight = 0 }).ShouldBe(SweepStage.Waiting);
        SweepStatus.StageOf(begun with { Paused = true }).ShouldBe(SweepStage.Paused);
        SweepStatus.StageOf(begun with { Paused = true, Cancelled = true }).ShouldBe(SweepStage.Cancelled);
        SweepStatus.StageOf(begun with { Cancelled = true, StopReason = "why" }).ShouldBe(SweepStage.Stopped);
        SweepStatus.StageOf(begun with { Passed = 10 }).ShouldBe(SweepStage.Running, "cells may come back");
        SweepStatus.StageOf(begun with { Passed = 10, InFlight = 0, Cancelled = true }).ShouldBe(SweepStage.Finished);
    }
}
