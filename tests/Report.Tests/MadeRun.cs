using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;
using Layerbench.Report.Data;

namespace Layerbench.Report.Tests;

/// <summary>A real store with launches of known times: dense takes 1 ms at every point, the other a ratio of it.</summary>
internal sealed class MadeRun : IAsyncDisposable
{
    public const string Dense = "ffn.dense";
    public const string Conv = "ffn.conv1d";
    public const int Blocks = 4;

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Fingerprint environment = new(
        new FingerprintId("aa11"),
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_model"] = "EPYC",
            ["framework"] = "torch 2.9",
            ["threads"] = "4",
        }
    );

    private readonly ScratchFolder folder = new();
    private readonly List<CellResult> cells = [];
    private readonly List<LaunchRecord> launches = [];

    /// <param name="axes">Further ones, as in a sweep file: <c>learning_rate: [0.1, 0.2]</c>.</param>
    public MadeRun(string name = "ffn", string question = "Dense or Conv1D?", params string[] axes)
    {
        Sweep = new SweepRecord(
            new SweepId($"{name}-1f3a9c20"),
            name,
            $"name: ffn\nquestion: {System.Text.Json.JsonSerializer.Serialize(question)}\nvariants: [ffn.dense, ffn.conv1d]\naxes:\n  batch: [1, 4]\n  d_model: [64, 128]\n  d_ff: 4*d_model\n{string.Concat(axes.Select(a => $"  {a}\n"))}",
            1,
            Noon,
            "0.1.0"
        );
        Store = SqliteResultStore.Open(folder[OutputFolder.StoreName]);
    }

    public SweepRecord Sweep { get; }
    public SqliteResultStore Store { get; }
    public string Folder => folder.Path;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A cell whose second variant takes so many times as long as the first, in each launch a little more or less.</summary>
    /// <param name="spread">Between launches, as a share: ± this.</param>
    public MadeRun Timed(
        long index,
        long batch,
        long width,
        double ratio,
        int count = 6,
        double spread = 0.002,
        string second = Conv,
        string first = Dense
    )
    {
        string[] labels = [first, second];
        cells.Add(Cell(index, batch, width, labels, new Outcome.Completed()));
        for (var number = 0; number < count; number++)
        {
            // No two launches alike: a spread of zero would be a certainty that nobody has.
            var off = 1 + spread * (2.0 * number / Math.Max(1, count - 1) - 1);
            launches.Add(Launch(index, number, LaunchKind.Time) with { Samples = [.. Samples(ratio * off, number)] });
        }

        launches.Add(
            Launch(index, 0, LaunchKind.Memory) with
            {
                Memory = [new MemoryPeak(0, 1 << 20, "vmhwm"), new MemoryPeak(1, 3 << 19, "vmhwm")],
            }
        );
        return this;
    }

    public MadeRun Ended(long index, long batch, long width, Outcome outcome)
    {
        cells.Add(Cell(index, batch, width, [Dense, Conv], outcome));
        return this;
    }

    public MadeRun Trained(long index, long batch, long width, params (string Label, double? Accuracy)[] learnt)
    {
        cells.Add(Cell(index, batch, width, [.. learnt.Select(l => l.Label)], new Outcome.Completed(), "pairwise"));
        launches.Add(
            Launch(index, 0, LaunchKind.Quality) with
            {
                Trainings =
                [
                    .. learnt.Select(
                        (l, place) =>
                            new Training(
                                place,
                                l.Accuracy is null ? TrainingStatus.Diverged : TrainingStatus.Finished,
                                "accuracy",
                                0.5,
                                800,
                                TimeSpan.FromSeconds(2),
                                l.Accuracy is { } a ? new Dictionary<string, double> { ["accuracy"] = a } : [],
                                new Dictionary<string, IReadOnlyList<CurvePoint>>
                                {
                                    ["accuracy"] = l.Accuracy is { } end ? [new(400, 0.5), new(800, end)] : [],
                                    ["interaction"] = [new(1, 0), new(2, l.Accuracy ?? 0)],
                                }
                            )
                    ),
                ],
            }
        );
        return this;
    }

    /// <summary>The last cell's point gets an axis that others may lack.</summary>
    public MadeRun At(string axis, double value)
    {
        cells[^1] = cells[^1] with
        {
            Point = new OrderedDictionary<string, AxisValue>(cells[^1].Point) { [axis] = AxisValue.Of(value) },
        };
        return this;
    }

    /// <summary>A cell of many variants, each slower than the one before.</summary>
    public MadeRun Beside(long index, long batch, long width, params string[] labels)
    {
        cells.Add(Cell(index, batch, width, labels, new Outcome.Completed()));
        for (var number = 0; number < 6; number++)
        {
            launches.Add(
                Launch(index, number, LaunchKind.Time) with
                {
                    Variants = [.. labels.Select(l => new VariantFacts(l, 1000, 1e-7, 1e-7, 1e-5, 2e6, 1e6))],
                    Samples =
                    [
                        .. Enumerable
                            .Range(0, Blocks * labels.Length)
                            .Select(i =>
                            {
                                var (block, side) = Math.DivRem(i, labels.Length);
                                var time = 1_000_000 * (1 + side) + 1000 * (1 + side) * (number + side) + 100 * block;
                                return new Sample(side, block, side, 1, time, time, null, 0, 0);
                            }),
                    ],
                }
            );
        }

        return this;
    }

    public async Task<ReportData> ReadAsync()
    {
        await WriteAsync();
        return await ReportAsync();
    }

    /// <summary>Of what is in the store now.</summary>
    public Task<ReportData> ReportAsync() =>
        ReportReader.ReadAsync(Store, Sweep, new AnalysisRule(), "layerbench run ffn.yaml", Token);

    /// <summary>Another cell, while somebody reads: its launches one by one, then its end.</summary>
    public async Task MoreAsync(int index)
    {
        Timed(index, 4, 64 * (1 + index), 0.5);
        foreach (var launch in launches.Where(l => l.Cell == Id(index)))
        {
            await Store.AcceptAsync(new LaunchBatch(Sweep.Id, environment, [launch]), Token);
        }

        await Store.FinishAsync(Sweep.Id, [cells[^1]], Token);
    }

    public async Task WriteAsync()
    {
        await Store.SaveSweepAsync(Sweep, Token);
        foreach (var batch in launches.Chunk(500))
        {
            await Store.AcceptAsync(new LaunchBatch(Sweep.Id, environment, batch), Token);
        }

        await Store.FinishAsync(Sweep.Id, cells, Token);
        if (launches.Exists(l => l.Kind == LaunchKind.Time))
        {
            await Store.RecordCanariesAsync(
                Sweep.Id,
                environment,
                [
                    .. Enumerable
                        .Range(0, 4)
                        .Select(n => new CanaryRecord(
                            new DeviceId("cpu"),
                            environment.Id,
                            Noon.AddMinutes(n / 2),
                            Noon.AddMinutes(n / 2).AddSeconds(20 * (n % 2)),
                            n % 2 == 0 ? CanaryPlace.First : CanaryPlace.Last,
                            1e11 * (1 + 0.001 * n),
                            2e10
                        )),
                ],
                Token
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        folder.Dispose();
    }

    private static CellId Id(long index) =>
        new(index.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));

    private static CellResult Cell(
        long index,
        long batch,
        long width,
        IReadOnlyList<string> labels,
        Outcome outcome,
        string pass = "forward"
    ) =>
        new(
            index,
            Id(index),
            new OrderedDictionary<string, AxisValue>
            {
                ["pass"] = AxisValue.Of(pass),
                ["dtype"] = AxisValue.Of("float32"),
                ["batch"] = AxisValue.Of(batch),
                ["d_model"] = AxisValue.Of(width),
                ["d_ff"] = AxisValue.Of(4 * width),
            },
            labels,
            labels[0],
            outcome,
            new DeviceId("cpu"),
            Noon.AddHours(1)
        );

    private static LaunchRecord Launch(long cell, int number, LaunchKind kind) =>
        new(
            Id(cell),
            kind,
            number,
            1,
            new DeviceId("cpu"),
            environment.Id,
            Noon.AddSeconds(10 * number + cell),
            0,
            1,
            TimeSpan.FromSeconds(1),
            new PhaseTimes(TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            Steady: true,
            [
                new VariantFacts(Dense, 1000, 1e-7, 1e-7, 1e-5, 2e6, 1e6),
                new VariantFacts(Conv, 1000, 1e-7, 1e-7, 1e-5, 2e6, 1e6),
            ],
            [],
            []
        );

    private static IEnumerable<Sample> Samples(double ratio, int launch)
    {
        for (var block = 0; block < Blocks; block++)
        {
            var one = 1_000_000 + 1000 * launch + 100 * block;
            yield return new Sample(0, block, 0, 1, one, one, null, 0, 0);
            yield return new Sample(1, block, 1, 1, (long)(one * ratio), one, null, 0, 0);
        }
    }
}
