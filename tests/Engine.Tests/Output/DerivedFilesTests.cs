using System.Globalization;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Tests.Stores;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Output;

public sealed class DerivedFilesTests : IAsyncLifetime
{
    private const string Header =
        "sweep,cell,outcome,reason,quality,device,pass,backend,dtype,threads,d_model,dropout,bias,variant,baseline,"
        + "time_median_s,time_low_s,time_high_s,ratio,ratio_low,ratio_high,launches,samples_accepted_ratio,"
        + "peak_memory_bytes,peak_memory_min_bytes,peak_memory_max_bytes,memory_launches,flops,bytes,"
        + "arithmetic_intensity,roofline_ratio,roofline_impossible,parameters,forward_error,gradient_error,steady,"
        + "fingerprint,verdict,adjusted_p,control";

    private readonly ScratchFolder scratch = new();
    private SqliteResultStore store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = SqliteResultStore.Open(scratch.File("layerbench.db"));
        await store.SaveSweepAsync(Sweep(), Token);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        scratch.Dispose();
    }

    [Fact]
    public async Task AMeasuredCellIsARowPerVariant()
    {
        await MeasureAsync(cell: 1, launches: 6, memoryLaunches: 1);

        (await CsvAsync()).ShouldBe(
            $"""
            {Header}
            ffn-1f3a9c20,0000000000000001,completed,,measured,cpu:0-3,forward,simulated,float32,0,512,0.1,true,ffn.dense,ffn.dense,9.08637158579E-05,9.08637158579E-05,9.08637158579E-05,,,,6,1,4096,4096,4096,1,,,,,,525568,1.5E-07,3E-06,false,aa,,,
            ffn-1f3a9c20,0000000000000001,completed,,measured,cpu:0-3,forward,simulated,float32,0,512,0.1,true,ffn.conv1d,ffn.dense,8.33334166667E-05,8.33334166667E-05,8.33334166667E-05,0.916665750002,0.916665750002,0.916665750002,6,0.5,8192,8192,8192,1,,,,,,525568,,,false,aa,inconclusive,,

            """
        );
    }

    [Fact]
    public async Task OneLaunchSaysThatItIsAQuickLookAndHasNoInterval()
    {
        await MeasureAsync(cell: 1, launches: 1, memoryLaunches: 0);

        (await CsvAsync())
            .Split('\n')[2]
            .ShouldBe(
                "ffn-1f3a9c20,0000000000000001,completed,,quick_look,cpu:0-3,forward,simulated,float32,0,512,0.1,true,"
                    + "ffn.conv1d,ffn.dense,8.33334166667E-05,,,0.916665750002,,,1,0.5,,,,0,,,,,,525568,,,true,aa,inconclusive,,"
            );
    }

    [Fact]
    public async Task ACellThatWasNeverRunHasItsReasonAndNoNumbers()
    {
        await store.FinishAsync(
            Sweep().Id,
            [Result(2, new Outcome.Skipped("needs \"90 GB\",\nhas 8 GB")) with { Device = null }],
            Token
        );

        (await CsvAsync()).ShouldBe(
            $"""
            {Header}
            ffn-1f3a9c20,0000000000000002,skipped,"needs ""90 GB"",
            has 8 GB",,,forward,simulated,float32,0,512,0.1,true,ffn.dense,ffn.dense,,,,,,,0,,,,,0,,,,,,,,,,,,,
            ffn-1f3a9c20,0000000000000002,skipped,"needs ""90 GB"",
            has 8 GB",,,forward,simulated,float32,0,512,0.1,true,ffn.conv1d,ffn.dense,,,,,,,0,,,,,0,,,,,,,,,,,,,

            """
        );
    }

    [Fact]
    public async Task ACellOfMemoryLaunchesAloneHasNoTimes()
    {
        await MeasureAsync(cell: 1, launches: 0, memoryLaunches: 2);

        (await CsvAsync())
            .Split('\n')[1]
            .ShouldBe(
                "ffn-1f3a9c20,0000000000000001,completed,,,cpu:0-3,forward,simulated,float32,0,512,0.1,true,"
                    + "ffn.dense,ffn.dense,,,,,,,0,,4096,4096,4096,2,,,,,,525568,1.5E-07,3E-06,,aa,,,"
            );
    }

    [Fact]
    public async Task ASweepWithoutResultsHasAHeader() =>
        (await CsvAsync()).ShouldBe(Header.Replace("d_model,dropout,bias,", "", StringComparison.Ordinal) + "\n");

    [Fact]
    public async Task AnAxisCalledLikeAColumnIsToldFromIt()
    {
        var point = new OrderedDictionary<string, AxisValue>
        {
            ["pass"] = AxisValue.Of("forward"),
            ["ratio"] = AxisValue.Of(4),
            ["sweep"] = AxisValue.Of("a"),
        };
        await store.FinishAsync(Sweep().Id, [Result() with { Point = point }], Token);

        var lines = (await CsvAsync()).Split('\n');

        lines[0].ShouldContain(",threads,axis_ratio,axis_sweep,variant,");
        lines[1].ShouldContain(",forward,,,,4,a,ffn.dense,");
    }

    [Fact]
    public async Task AnAxisThatOnlyALaterCellHasIsAColumnOfAllRows()
    {
        await store.FinishAsync(Sweep().Id, [Result(1)], Token);
        var point = new OrderedDictionary<string, AxisValue>(Result(2).Point) { ["new"] = AxisValue.Of(1) };
        await store.FinishAsync(Sweep().Id, [Result(2) with { Point = point }], Token);

        var rows = (await CsvAsync()).Split('\n').Select(line => line.Split(',')).ToArray();

        var column = Array.IndexOf(rows[0], "new");
        rows[0][(column - 1)..(column + 2)].ShouldBe(["bias", "new", "variant"]);
        rows.Skip(1).SkipLast(1).Select(r => r[column]).ShouldBe(["", "", "1", "1"]);
    }

    [Fact]
    public async Task AnErrorThatIsNoNumberIsNotHiddenBehindASmallOne()
    {
        var facts = Launch().Variants;
        await store.AcceptAsync(Batch(Launch(number: 0)), Token);
        await store.AcceptAsync(
            Batch(
                Launch(number: 1) with
                {
                    Variants = [facts[0] with { ForwardError = double.NaN, GradientError = 1 }],
                }
            ),
            Token
        );
        await store.FinishAsync(Sweep().Id, [Result()], Token);

        var rule = new AnalysisRule { Looks = false };
        var conclusion = await ResultRows.ConcludeAsync(store, Sweep().Id, rule, Token);
        var row = (await ResultRows.ReadAsync(store, Sweep().Id, rule, conclusion, Token).ToListAsync(Token))[0][0];

        row.ForwardError.ShouldBeNull();
        row.GradientError.ShouldBe(1);
    }

    [Fact]
    public async Task ACellIsALineOfJson()
    {
        await MeasureAsync(cell: 1, launches: 1, memoryLaunches: 1);
        await store.FinishAsync(Sweep().Id, [Result(2, new Outcome.Failed("память"))], Token);
        await WriteAsync();

        var lines = await File.ReadAllLinesAsync(scratch.File("results.jsonl"), Token);

        lines.Length.ShouldBe(2);
        lines[0]
            .ShouldBe(
                """{"sweep":"ffn-1f3a9c20","cell":"0000000000000001","index":1,"outcome":"completed","reason":null,"quality":"quick_look","device":"cpu:0-3","finished_at":"2026-03-01T12:01:00.000000Z","point":{"pass":"forward","backend":"simulated","dtype":"float32","threads":0,"d_model":512,"dropout":0.1,"bias":true},"baseline":"ffn.dense","control":null,"launches":1,"memory_launches":1,"steady":true,"fingerprint":"aa","variants":[{"variant":"ffn.dense","time_median_s":9.08637158579E-05,"time_low_s":null,"time_high_s":null,"ratio":null,"ratio_low":null,"ratio_high":null,"verdict":null,"adjusted_p":null,"samples_accepted_ratio":1,"peak_memory_bytes":4096,"peak_memory_min_bytes":4096,"peak_memory_max_bytes":4096,"flops":null,"bytes":null,"arithmetic_intensity":null,"roofline_ratio":null,"roofline_impossible":null,"parameters":525568,"forward_error":1.5E-07,"gradient_error":3E-06},{"variant":"ffn.conv1d","time_median_s":8.33334166667E-05,"time_low_s":null,"time_high_s":null,"ratio":0.916665750002,"ratio_low":null,"ratio_high":null,"verdict":"inconclusive","adjusted_p":null,"samples_accepted_ratio":0.5,"peak_memory_bytes":8192,"peak_memory_min_bytes":8192,"peak_memory_max_bytes":8192,"flops":null,"bytes":null,"arithmetic_intensity":null,"roofline_ratio":null,"roofline_impossible":null,"parameters":525568,"forward_error":null,"gradient_error":null}]}"""
            );
        lines[1].ShouldContain("\"outcome\":\"failed\",\"reason\":\"память\",\"quality\":null");
        lines.ShouldAllBe(l =>
            JsonDocument.Parse(l, default).RootElement.GetProperty("variants").GetArrayLength() == 2
        );
    }

    [Fact]
    public async Task TheEnvironmentHoldsWhatTheResultsWereMadeWith()
    {
        await store.AcceptAsync(Batch(Launch(1, fingerprint: "bb")), Token);
        await store.AcceptAsync(Batch(Launch(2)), Token);
        await WriteAsync();

        (await File.ReadAllTextAsync(scratch.File("environment.json"), Token)).ShouldBe(
            """
            {
              "sweep": "ffn-1f3a9c20",
              "name": "ffn",
              "product_version": "0.1.0",
              "created_at": "2026-03-01T12:00:00.000000Z",
              "seed": 18446744073709551615,
              "command": "layerbench run a.yaml",
              "fingerprints": [
                {
                  "id": "aa",
                  "entries": {
                    "cpu": "EPYC",
                    "torch": "aa"
                  }
                },
                {
                  "id": "bb",
                  "entries": {
                    "cpu": "EPYC",
                    "torch": "bb"
                  }
                }
              ],
              "spec": "name: ffn\nvariants: [ffn.dense, ffn.conv1d]\n"
            }

            """
        );
    }

    [Fact]
    public async Task TheSameStoreGivesTheSameBytesInAnyCulture()
    {
        await MeasureAsync(cell: 1, launches: 6, memoryLaunches: 1);
        await MeasureAsync(cell: 2, launches: 1, memoryLaunches: 0);
        await WriteAsync();
        var first = await BytesAsync();

        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("")
        {
            NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NegativeSign = "~" },
        };
        try
        {
            await WriteAsync();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        (await BytesAsync()).ShouldBe(first);
    }

    private async Task<string> BytesAsync()
    {
        var texts = new List<string>();
        foreach (var name in new[] { "results.csv", "results.jsonl", "environment.json" })
        {
            texts.Add(Convert.ToHexString(await File.ReadAllBytesAsync(scratch.File(name), Token)));
        }

        return string.Join('\n', texts);
    }

    private async Task MeasureAsync(int cell, int launches, int memoryLaunches)
    {
        for (var number = 0; number < launches; number++)
        {
            await store.AcceptAsync(Batch(Launch(cell, number)), Token);
        }

        for (var number = 0; number < memoryLaunches; number++)
        {
            await store.AcceptAsync(Batch(Launch(cell, number, LaunchKind.Memory)), Token);
        }

        await store.FinishAsync(Sweep().Id, [Result(cell)], Token);
    }

    private async Task<string> CsvAsync()
    {
        await WriteAsync();
        return await File.ReadAllTextAsync(scratch.File("results.csv"), Token);
    }

    private Task WriteAsync() =>
        DerivedFiles.WriteAsync(
            scratch.Path,
            store,
            Sweep(),
            new AnalysisRule { Looks = false },
            "layerbench run a.yaml",
            Token
        );
}
