using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Tests.Stores;

/// <summary>Records to store, the same for every store.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static SweepRecord Sweep(string id = "ffn-1f3a9c20") =>
        new(new SweepId(id), "ffn", "name: ffn\nvariants: [ffn.dense, ffn.conv1d]\n", ulong.MaxValue, Noon, "0.1.0");

    public static Fingerprint Fingerprint(string id = "aa") =>
        new(
            new FingerprintId(id),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["cpu"] = "EPYC", ["torch"] = id }
        );

    public static CellId Cell(int n) => new(n.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Two variants in two blocks, every field with a value of its own.</summary>
    public static LaunchRecord Launch(
        int cell = 1,
        int number = 0,
        LaunchKind kind = LaunchKind.Time,
        string fingerprint = "aa",
        int attempt = 1
    ) =>
        new(
            Cell(cell),
            kind,
            number,
            attempt,
            new DeviceId("cpu:0-3"),
            new FingerprintId(fingerprint),
            Noon.AddSeconds(number).AddMicroseconds(7),
            Position: 3,
            Seed: ulong.MaxValue - (ulong)number,
            ProcessStart: TimeSpan.FromMilliseconds(812.3456),
            new PhaseTimes(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(40)),
            Steady: number % 2 == 0,
            [
                new VariantFacts("ffn.dense", 525_568, 1.5e-7, 3e-6, 1e-5),
                new VariantFacts("ffn.conv1d", 525_568, null, null, null),
            ],
            kind == LaunchKind.Time
                ?
                [
                    new Sample(1, 0, 0, 12, 1_000_001, 1_900_000, null, 0, -1),
                    new Sample(0, 0, 1, 11, 1_000_002, 1_900_001, null, 2, 15),
                    new Sample(0, 1, 0, 11, 1_000_003, 1_900_002, 999_000, 0, 0),
                    new Sample(1, 1, 1, 12, 9_000_004, 1_900_003, 999_001, 44, 0, Accepted: false, "preempted"),
                ]
                : [],
            kind == LaunchKind.Memory ? [new MemoryPeak(0, 4096, "vmhwm"), new MemoryPeak(1, 8192, "vmhwm")] : []
        )
        {
            Trainings = kind == LaunchKind.Quality ? [Training(0, 0.875), Training(1, null)] : [],
            Curves =
                kind == LaunchKind.Time
                    ?
                    [
                        new VariantCurves(
                            1,
                            new Dictionary<string, IReadOnlyList<CurvePoint>>
                            {
                                ["loss"] = [new CurvePoint(1, 0.7), new CurvePoint(2, 0.1 + 0.2)],
                            }
                        ),
                    ]
                    : [],
        };

    /// <summary>Diverged where there is no accuracy.</summary>
    public static Training Training(int variant, double? accuracy, TrainingStatus status = TrainingStatus.Finished) =>
        new(
            variant,
            accuracy is null ? TrainingStatus.Diverged : status,
            "accuracy",
            variant == 0 ? 0.25 : null,
            Steps: 120,
            TimeSpan.FromMilliseconds(1234.5678),
            accuracy is { } a ? new Dictionary<string, double> { ["accuracy"] = a, ["loss"] = 1.5e-300 } : [],
            new Dictionary<string, IReadOnlyList<CurvePoint>>
            {
                ["accuracy"] = accuracy is null ? [] : [new CurvePoint(60, 0.1), new CurvePoint(120, accuracy.Value)],
            }
        );

    public static LaunchBatch Batch(params LaunchRecord[] launches) =>
        new(Sweep().Id, Fingerprint(launches.Length == 0 ? "aa" : launches[0].Fingerprint.Value), launches);

    public static CellResult Result(int cell = 1, Outcome? outcome = null, long? index = null) =>
        new(
            index ?? cell,
            Cell(cell),
            new OrderedDictionary<string, AxisValue>
            {
                ["pass"] = AxisValue.Of("forward"),
                ["backend"] = AxisValue.Of("simulated"),
                ["dtype"] = AxisValue.Of("float32"),
                ["threads"] = AxisValue.Of(0),
                ["d_model"] = AxisValue.Of(512),
                ["dropout"] = AxisValue.Of(0.1),
                ["bias"] = AxisValue.Of(true),
            },
            ["ffn.dense", "ffn.conv1d"],
            "ffn.dense",
            outcome ?? new Outcome.Completed(),
            new DeviceId("cpu:0-3"),
            Noon.AddMinutes(cell)
        );

    public static Incident Incident(int? cell = 1, string cause = "worker_lost") =>
        new(
            cell is { } n ? Cell(n) : null,
            Noon.AddMicroseconds(1),
            new DeviceId("cuda:0"),
            cause,
            "the worker exited with 139",
            "Segmentation fault\n"
        );

    /// <summary>Equal in every field; records compare lists by reference.</summary>
    public static void ShouldBe(this LaunchRecord actual, LaunchRecord expected)
    {
        actual.Variants.ShouldBe(expected.Variants);
        actual.Samples.ShouldBe(expected.Samples);
        actual.Memory.ShouldBe(expected.Memory);
        actual.Trainings.Count.ShouldBe(expected.Trainings.Count);
        foreach (var (a, e) in actual.Trainings.Zip(expected.Trainings))
        {
            a.Values.ShouldBe(e.Values);
            a.Series.Keys.ShouldBe(e.Series.Keys);
            a.Series.Values.SelectMany(p => p).ShouldBe(e.Series.Values.SelectMany(p => p));
            (a with { Values = e.Values, Series = e.Series }).ShouldBe(e);
        }

        actual.Curves.Select(c => c.Variant).ShouldBe(expected.Curves.Select(c => c.Variant));
        foreach (var (a, e) in actual.Curves.Zip(expected.Curves))
        {
            a.Series.Keys.ShouldBe(e.Series.Keys);
            a.Series.Values.SelectMany(p => p).ShouldBe(e.Series.Values.SelectMany(p => p));
        }

        var lists = actual with
        {
            Variants = expected.Variants,
            Samples = expected.Samples,
            Memory = expected.Memory,
            Trainings = expected.Trainings,
            Curves = expected.Curves,
        };
        lists.Equals(expected).ShouldBeTrue($"{actual} is not {expected}");
    }

    public static void ShouldBe(this CellResult actual, CellResult expected)
    {
        actual.Point.ShouldBe(expected.Point);
        actual.Labels.ShouldBe(expected.Labels);
        (actual with { Point = expected.Point, Labels = expected.Labels })
            .Equals(expected)
            .ShouldBeTrue($"{actual} is not {expected}");
    }
}
