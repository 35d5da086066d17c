using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Cli.Tests.Views;

/// <summary>A short run, as an engine would tell it.</summary>
internal static class Script
{
    public static readonly DeviceId Cpu = new("cpu");

    private static DateTimeOffset At(double seconds) => Made.Noon.AddSeconds(seconds);

    public static IReadOnlyList<EngineEvent> UntilTheFirstResult { get; } =
    [
        new EngineEvent.SweepStarted(
            At(0),
            new SweepId("quickstart-1f3a9c20"),
            4,
            1,
            [new DeviceInfo(Cpu, "cpu", "AMD EPYC 9B14", [0, 1], 8L << 30)]
        ),
        new EngineEvent.SliceLeased(At(1), Cpu, 3, 1),
        new EngineEvent.LaunchStarted(At(2), Cpu, LaunchKind.Time, 0, 6, 3),
        new EngineEvent.CellStarted(At(3), Cpu, Cell(1, 8), LaunchKind.Time, 0),
        new EngineEvent.CellStarted(At(4), Cpu, Cell(2, 16), LaunchKind.Time, 0),
        new EngineEvent.IncidentSeen(
            At(5),
            new Incident(new CellId("0000000000000002"), At(5), Cpu, "worker_lost", "exit code 139", "Segfault")
        ),
        new EngineEvent.CellFinished(At(6), Made.Result(1, 8, new Outcome.Completed()), Made.Estimate(1.234, 0.87)),
        new EngineEvent.ProgressMade(At(6), new SweepProgress(5, 3, 2, 1, 2, false, false), TimeSpan.FromSeconds(130)),
    ];

    public static IReadOnlyList<EngineEvent> ToTheEnd { get; } =
    [
        .. UntilTheFirstResult,
        new EngineEvent.LaunchStored(At(7), Cpu, LaunchKind.Time, 0, 3, TimeSpan.FromSeconds(0.8)),
        new EngineEvent.CellFinished(At(8), Made.Result(2, 16, new Outcome.Poisoned("killed 3 workers")), null),
        new EngineEvent.SweepEnded(
            At(72),
            RunEnd.Interrupted,
            new Dictionary<string, long> { ["completed"] = 2, ["poisoned"] = 1 },
            TimeSpan.FromSeconds(72)
        ),
    ];

    private static Cell Cell(long index, long batch) =>
        new(
            index,
            new CellId($"{index:x16}"),
            new Point(["pass", "batch"], [AxisValue.Of("forward"), AxisValue.Of(batch)]),
            [],
            "ffn.dense"
        );
}
