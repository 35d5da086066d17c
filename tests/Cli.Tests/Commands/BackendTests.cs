using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Layerbench.Cli.Tests.Commands;

/// <summary>Two backends over a real store. Only the simulated one is in every edition, so the store renames half of its cells.</summary>
public sealed class BackendTests : IDisposable
{
    private const string Yaml = """
        name: sim
        variants:
          - {variant: sim.cost, label: base, with: {cost_us: 100}}
          - {variant: sim.cost, label: other, with: {cost_us: 87}}
        backend: simulated
        devices: simulated:1
        axes: {replicate: [1, 2, 3, 4], launch_noise: 0.001}
        measure: {launches: 6, blocks: 5, memory_launches: 0}
        controls: {same: 0, slower: 0}
        """;

    private readonly ScratchFolder folder = new();
    private readonly CommandLine layerbench;

    public BackendTests()
    {
        layerbench = new CommandLine(folder.Path);
        folder.Write("sim.yaml", Yaml);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TheSamePointInTwoBackendsIsShownAsARatioThatNothingIsJudgedBy()
    {
        await RunAsync();

        var shown = await layerbench.RunAsync("results", "a");

        shown.ExitCode.ShouldBe(0, shown.Error);
        shown.Output.ShouldContain("backends: time of the same variant at the same point");
        shown.OutputLines.Count(l => l.Contains("another ÷ simulated   ", StringComparison.Ordinal)).ShouldBe(4);
        // 1.5, but for what the launches' noise leaves of the first three figures.
        shown.Output.ShouldMatch(@"(?m)^other, another ÷ simulated over 2 cells: 1\.(49|50)\d* at the median");
        shown.Output.ShouldContain("not interleaved: ");
        shown.Output.ShouldContain("ratios are described and nothing is judged");
    }

    [Fact]
    public async Task JsonAndCsvHaveTheRatioWithTheSecondBackendsCell()
    {
        await RunAsync();

        var lines = (await layerbench.RunAsync("results", "a", "--json")).OutputLines;
        var summary = (await layerbench.RunAsync("analyze", "a", "--json")).OutputLines[^1];
        var csv = (await layerbench.RunAsync("results", "a", "--csv")).OutputLines;

        lines.Count(l => l.Contains("\"backend_ratio\":", StringComparison.Ordinal)).ShouldBe(2);
        var variant = JsonDocument.Parse(lines[3]).RootElement.GetProperty("variants")[1];
        variant.GetProperty("backend_from").GetString().ShouldBe("simulated");
        var ratio = variant.GetProperty("backend_ratio").GetDouble();
        ratio.ShouldBe(1.5, 0.01);
        variant.GetProperty("backend_ratio_low").GetDouble().ShouldBeLessThan(ratio);
        variant.GetProperty("backend_ratio_high").GetDouble().ShouldBeGreaterThan(ratio);
        var pairs = JsonDocument.Parse(summary).RootElement.GetProperty("backends");
        pairs.GetArrayLength().ShouldBe(4);
        pairs[3].GetProperty("ratio").GetDouble().ShouldBe(ratio);
        csv[0].ShouldEndWith(",control,backend_from,backend_ratio,backend_ratio_low,backend_ratio_high");
        csv.Count(l => l.Contains(",simulated,1.", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public async Task ASweepOfOneBackendHasNoWordOfIt()
    {
        await RunAsync(rename: false);

        (await layerbench.RunAsync("results", "a")).Output.ShouldNotContain("backends");
        (await layerbench.RunAsync("results", "a", "--csv")).OutputLines[0].ShouldEndWith(",control");
        (await layerbench.RunAsync("analyze", "a", "--json")).Output.ShouldNotContain("backends");
    }

    /// <summary>Replicates 3 and 4 become 1 and 2 of a backend that takes half as long again.</summary>
    private async Task RunAsync(bool rename = true)
    {
        (await layerbench.RunAsync("run", "sim.yaml", "--quiet", "--out", "a")).ExitCode.ShouldBe(0);
        if (!rename)
        {
            return;
        }

        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(folder.Path, "a", "layerbench.db")};Pooling=false"
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            update samples set wall_ns = cast(wall_ns * 1.5 as integer) where launch_id in
                (select launch_id from launches join cells using (cell_id) where json_extract(point, '$.replicate') > 2);
            update cells set point = json_set(
                point, '$.backend', 'another', '$.replicate', json_extract(point, '$.replicate') - 2)
                where json_extract(point, '$.replicate') > 2;
            """;
        command.ExecuteNonQuery();
    }
}
