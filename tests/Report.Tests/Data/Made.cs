using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Report.Tests.Data;

/// <summary>One cell and its launches, without a store.</summary>
internal static class Made
{
    public static CellResult Cell() =>
        new(
            0,
            new CellId("01"),
            new Dictionary<string, AxisValue> { ["batch"] = AxisValue.Of(1) },
            ["a", "b"],
            "a",
            new Outcome.Completed(),
            new DeviceId("cpu"),
            MadeRun.Noon
        );

    /// <param name="blocks">Each with a sample of both variants.</param>
    public static LaunchRecord Launch(CellResult cell, int number, int blocks) =>
        new(
            cell.Id,
            LaunchKind.Time,
            number,
            1,
            new DeviceId("cpu"),
            new FingerprintId("aa"),
            MadeRun.Noon,
            0,
            1,
            TimeSpan.Zero,
            new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
            Steady: true,
            [],
            [
                .. Enumerable
                    .Range(0, blocks)
                    .SelectMany(block =>
                        Enumerable.Range(0, 2).Select(v => new Sample(v, block, v, 1, 1000 + block, 1000, null, 0, 0))
                    ),
            ],
            []
        );
}
