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

public sealed class EpochColumnsTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task EpochsHaveTheirMedianLaunchAsTimeitSumsItUpAndItsCurve()
    {
        await WriteAsync("seed_epoch");

        var rows = await RowsAsync();
        // 1,000,002 and 1,000,003 ns of 11 iterations each; 1,000,001 and 9,000,004 ns of 12, the one set aside included.
        rows.Select(r => r("timeit_mean_s")).ShouldBe(["9.09093181818E-05", "0.000416666875"]);
        // The first is the difference of two numbers that agree in six digits.
        double.Parse(rows[0]("timeit_std_s"), CultureInfo.InvariantCulture).ShouldBe(0.5e-9 / 11, 1e-17);
        rows[1]("timeit_std_s").ShouldBe("0.000333333458333");
        rows.Select(r => r("timeit_runs")).ShouldBe(["2", "2"]);
        rows.Select(r => r("timeit_launch")).ShouldBe(["0", "0"]);
        rows.Select(r => r("loss_first")).ShouldBe(["", "0.7"]);
        rows.Select(r => r("loss_last")).ShouldBe(["", "0.30000000000000004"]);
        var variants = await VariantsAsync();
        variants[0].GetProperty("timeit").GetProperty("loops").GetInt64().ShouldBe(11);
        variants[0].TryGetProperty("curve", out _).ShouldBeFalse();
        variants[1].GetProperty("curve").GetRawText().ShouldBe("""{"loss":[[1,0.7],[2,0.30000000000000004]]}""");
    }

    [Fact]
    public async Task OtherPassesHaveNoEpochs()
    {
        await WriteAsync("forward");

        (await File.ReadAllTextAsync(scratch.File("results.csv"), Token)).ShouldNotContain("timeit");
        (await VariantsAsync()).Any(v => v.TryGetProperty("timeit", out _)).ShouldBeFalse();
    }

    [Fact]
    public async Task WhatWasChosenToMatchTheBaselineStandsWithTheVariant()
    {
        await WriteAsync("forward", new MatchedSize("flops", "d_ff", 171, 513 / 512.0));

        var rows = await RowsAsync();
        rows.Select(r => r("match_by")).ShouldBe(["", "flops"]);
        rows.Select(r => r("match_axis")).ShouldBe(["", "d_ff"]);
        rows.Select(r => r("match_value")).ShouldBe(["", "171"]);
        rows.Select(r => r("match_ratio")).ShouldBe(["", "1.001953125"]);
        var variants = await VariantsAsync();
        variants[0].TryGetProperty("match", out _).ShouldBeFalse();
        variants[1]
            .GetProperty("match")
            .GetRawText()
            .ShouldBe("""{"by":"flops","axis":"d_ff","value":171,"ratio":1.001953125}""");
    }

    private async Task WriteAsync(string pass, MatchedSize? matched = null)
    {
        await using var store = SqliteResultStore.Open(scratch.File("layerbench.db"));
        await store.SaveSweepAsync(Sweep(), Token);
        var launch = Launch();
        VariantFacts[] facts = [launch.Variants[0], launch.Variants[1] with { Matched = matched }];
        await store.AcceptAsync(Batch(launch with { Variants = facts }), Token);
        var point = new OrderedDictionary<string, AxisValue>(Result().Point) { ["pass"] = AxisValue.Of(pass) };
        await store.FinishAsync(Sweep().Id, [Result() with { Point = point }], Token);
        var rule = new AnalysisRule { Looks = false };
        await DerivedFiles.WriteAsync(scratch.Path, store, Sweep(), rule, "layerbench run a.yaml", Token);
    }

    private async Task<IReadOnlyList<Func<string, string>>> RowsAsync()
    {
        var lines = await File.ReadAllLinesAsync(scratch.File("results.csv"), Token);
        var header = lines[0].Split(',');
        return
        [
            .. lines
                .Skip(1)
                .Select(line => line.Split(','))
                .Select(fields => (Func<string, string>)(name => fields[Array.IndexOf(header, name)])),
        ];
    }

    private async Task<IReadOnlyList<JsonElement>> VariantsAsync()
    {
        using var cell = JsonDocument.Parse(await File.ReadAllTextAsync(scratch.File("results.jsonl"), Token));
        return [.. cell.RootElement.GetProperty("variants").EnumerateArray().Select(v => v.Clone())];
    }
}
