using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Cli.Tests.Views;

/// <summary>Results made by hand.</summary>
internal static class Made
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static CellResult Result(long index, long batch, Outcome outcome, long width = 512) =>
        new(
            index,
            new CellId($"{index:x16}"),
            new Dictionary<string, AxisValue>
            {
                ["pass"] = AxisValue.Of("forward"),
                ["dtype"] = AxisValue.Of("float32"),
                ["batch"] = AxisValue.Of(batch),
                ["d_model"] = AxisValue.Of(width),
            },
            ["ffn.dense", "ffn.conv1d"],
            "ffn.dense",
            outcome,
            new DeviceId("cpu"),
            Noon
        );

    /// <summary>Ratios other than 1 have a p-value of 0.001.</summary>
    public static CellFindings Findings(CellEstimate? estimate) =>
        new(
            ControlKind.None,
            estimate,
            [
                .. (estimate?.Variants ?? [])
                    .Where(v => v.Ratio is not null)
                    .Select(v => new Comparison(
                        v.Label,
                        new Evidence(
                            v.Ratio!.Value,
                            v.Ratio.Value.Launches < 3 ? double.NaN
                                : v.Ratio.Value.Value == 1 ? 1
                                : 0.001
                        )
                    )),
            ],
            null,
            20,
            default
        );

    /// <param name="ratio">Of <c>ffn.conv1d</c> to <c>ffn.dense</c>; its interval is ±2%, or none below 6 launches.</param>
    public static CellEstimate Estimate(
        double milliseconds,
        double ratio,
        int launches = 6,
        bool steady = true,
        double accepted = 1
    )
    {
        return new CellEstimate(
            [
                new VariantEstimate("ffn.dense", Of(milliseconds / 1e3), null, Peak(57), 1),
                new VariantEstimate("ffn.conv1d", Of(milliseconds * ratio / 1e3), Of(ratio), Peak(64), accepted),
            ],
            launches,
            3,
            steady
        );

        Interval Of(double value) =>
            launches < 6
                ? new(value, 0, double.PositiveInfinity, launches)
                : new(value, value * 0.98, value * 1.02, launches);

        static Interval Peak(int mebibytes)
        {
            double bytes = mebibytes * 1024L * 1024L;
            return new(bytes, bytes, bytes, 3);
        }
    }
}
