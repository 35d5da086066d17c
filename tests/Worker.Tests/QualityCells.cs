using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests;

/// <summary>Cells of quality passes that tests give to workers.</summary>
internal static class QualityCells
{
    public const string Cell = "c1";

    /// <summary>Every parameter of every variant and pass these tests use; small, so that a step takes milliseconds.</summary>
    public static Dictionary<string, AxisValue> Small(params (string Name, AxisValue Value)[] others)
    {
        var values = new Dictionary<string, AxisValue>(StringComparer.Ordinal)
        {
            ["batch"] = AxisValue.Of(8),
            ["seq_len"] = AxisValue.Of(16),
            ["d_model"] = AxisValue.Of(8),
            ["d_ff"] = AxisValue.Of(16),
            ["heads"] = AxisValue.Of(1),
            ["causal"] = AxisValue.Of(false),
            ["activation"] = AxisValue.Of("relu"),
            ["method"] = AxisValue.Of("fft"),
            ["learning_rate"] = AxisValue.Of(0.01),
            ["trial"] = AxisValue.Of(1),
            ["steps"] = AxisValue.Of(60),
            ["distance"] = AxisValue.Of(3),
            ["blocks"] = AxisValue.Of(1),
            ["pairs"] = AxisValue.Of(2),
            ["vocabulary"] = AxisValue.Of(16),
            ["ways"] = AxisValue.Of(2),
            ["items"] = AxisValue.Of(2),
        };
        foreach (var (name, value) in others)
        {
            values[name] = value;
        }

        return values;
    }

    /// <summary>Pairwise interaction at a distance of 27, where 800 steps take 3 CPU seconds.</summary>
    public static Dictionary<string, AxisValue> Pairwise(params (string Name, AxisValue Value)[] others) =>
        Small([
            ("batch", AxisValue.Of(64)),
            ("seq_len", AxisValue.Of(64)),
            ("d_model", AxisValue.Of(16)),
            ("distance", AxisValue.Of(27)),
            ("steps", AxisValue.Of(800)),
            ("learning_rate", AxisValue.Of(0.04)),
            .. others,
        ]);

    /// <summary>Two pairs among 16 tokens: attention learns them in 100 to 150 steps of some 25 ms.</summary>
    public static Dictionary<string, AxisValue> SmallRecall() =>
        Small([
            ("batch", AxisValue.Of(64)),
            ("d_model", AxisValue.Of(64)),
            ("blocks", AxisValue.Of(2)),
            ("steps", AxisValue.Of(400)),
            ("learning_rate", AxisValue.Of(0.004)),
        ]);

    /// <summary>
    /// Parity of two bits 5 apart, which the short convolution does not reach; two tokens to copy; the same behind one of 23
    /// tokens. Seconds for each.
    /// </summary>
    public static Dictionary<string, AxisValue> SmallTokens(string pass) =>
        Small([
            ("batch", AxisValue.Of(64)),
            ("seq_len", AxisValue.Of(pass == "induction" ? 24 : 16)),
            ("d_model", AxisValue.Of(32)),
            ("distance", AxisValue.Of(5)),
            ("vocabulary", AxisValue.Of(pass == "induction" ? 5 : 16)),
            ("steps", AxisValue.Of(400)),
            ("learning_rate", AxisValue.Of(0.01)),
        ]);

    public static Request.Prepare Prepare(
        string pass,
        IReadOnlyDictionary<string, AxisValue> values,
        params string[] variants
    ) =>
        new(
            Cell,
            pass,
            "float32",
            12345678901234567,
            true,
            [.. variants.Select((v, i) => new PreparedVariant($"{v} {i}", v, values))]
        );

    public static Request.Train Train(params long[] rungs) => new(Cell, rungs);
}
