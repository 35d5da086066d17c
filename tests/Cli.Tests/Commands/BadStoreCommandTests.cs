using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Layerbench.Cli.Tests.Commands;

/// <summary>Stores that were damaged after they were measured: a clear word or inconclusive, never a crash or a verdict.</summary>
public sealed class BadStoreCommandTests : IDisposable
{
    private const string Tied = "no launch has a ratio, or all have exactly the same";
    private const string Refused = "no sample was accepted";

    /// <summary>A damage of one cell (<c>$cell</c>; <c>$launches</c> are its time launches), and what its note then says; empty: nothing but the verdict.</summary>
    private static readonly (string Sql, string Note)[] damages =
    [
        ("delete from samples where launch_id in ($launches)", Refused),
        ("update samples set wall_ns = -wall_ns where launch_id in ($launches)", Refused),
        ("update samples set wall_ns = 0 where launch_id in ($launches)", Refused),
        ("update samples set wall_ns = 'NaN' where launch_id in ($launches)", Refused),
        ("update samples set iterations = 0 where launch_id in ($launches)", Refused),
        ("update samples set accepted = 0, reason = 'preempted' where launch_id in ($launches)", Refused),
        ("update samples set wall_ns = 1000000, iterations = 1 where launch_id in ($launches)", Tied),
        ("update samples set wall_ns = 9223372036854775807, iterations = 1 where launch_id in ($launches)", Tied),
        ("delete from samples where variant = 1 and launch_id in ($launches)", ""),
        (
            "delete from samples where launch_id in ($launches) and launch_id > (select min(launch_id) from ($launches))",
            ""
        ),
        ("update launches set superseded = 1 where launch_id in ($launches) and number > 0", "quick look"),
        ("update launches set superseded = 1 where launch_id in ($launches) and number > 2", "no interval"),
        ("insert into samples select * from samples where launch_id in ($launches)", "is the second there"),
        ("update cells set labels = '[\"base\"]' where cell_id = $cell", "of none of the 1 variants"),
        ("update cells set baseline = 'gone' where cell_id = $cell", "The baseline 'gone' is none of the labels"),
        ("update launches set number = 0 where launch_id in ($launches)", "is there twice"),
        (
            "update launches set fingerprint_id = 2 where launch_id in ($launches) and number = 3",
            "which are never mixed"
        ),
    ];

    private readonly ScratchFolder folder = new();
    private readonly CommandLine layerbench;

    public BadStoreCommandTests() => layerbench = new CommandLine(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EveryDamagedCellHasAWordAndNoVerdictAndTheOthersKeepTheirs()
    {
        await MeasureAsync(damages.Length + 1);
        using (var store = Open())
        {
            // Without the keys that would refuse what is done below.
            Run(
                store,
                "create table copied as select * from samples; drop table samples; alter table copied rename to samples"
            );
            Run(store, "drop index launches_kept; insert into fingerprints values (2, 'f2', '{}')");
            for (var i = 0; i < damages.Length; i++)
            {
                var cell = $"(select cell_id from cells where cell_index = {i})";
                var launches = $"select launch_id from launches where kind = 0 and superseded = 0 and cell_id = {cell}";
                Run(
                    store,
                    damages[i]
                        .Sql.Replace("$cell", cell, StringComparison.Ordinal)
                        .Replace("$launches", launches, StringComparison.Ordinal)
                );
            }
        }

        var json = await layerbench.RunAsync("analyze", "run", "--json");
        json.Error.ShouldBe("");
        json.ExitCode.ShouldBe(0);
        var cells = json.OutputLines[..^1].Select(l => JsonDocument.Parse(l).RootElement).ToDictionary(Index);
        for (var i = 0; i < damages.Length; i++)
        {
            Verdict(cells[i]).ShouldBeOneOf(["inconclusive", null], damages[i].Sql);
        }

        Verdict(cells[damages.Length]).ShouldBe("faster");

        var text = await layerbench.RunAsync("analyze", "run");
        text.Error.ShouldBe("");
        text.ExitCode.ShouldBe(0);
        // The table breaks its lines: compared without white space.
        var shown = Bare(text.Output);
        damages.ShouldAllBe(d => shown.Contains(Bare(d.Note), StringComparison.Ordinal));
        text.OutputLines.ShouldContain(l =>
            l.StartsWith("other,", StringComparison.Ordinal) && l.Contains("1 faster", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("update cells set labels = '['")]
    [InlineData("update cells set point = 'nonsense'")]
    [InlineData("update cells set outcome = 'banana'")]
    [InlineData("update launches set facts = '{'")]
    [InlineData("update samples set variant = 99999999999 where block = 0 and variant = 1")]
    [InlineData("update launches set started_us = 300000000000000000")]
    public async Task WhatCannotBeReadAtAllIsNamedWithoutAStackTrace(string sql)
    {
        await MeasureAsync(1);
        using (var store = Open())
        {
            Run(store, sql);
        }

        var ran = await layerbench.RunAsync("analyze", "run");
        ran.ExitCode.ShouldBe(2);
        ran.ErrorLines.ShouldHaveSingleItem()
            .ShouldMatch(@"^error: '.*layerbench\.db' holds a value that cannot be one");
    }

    [Fact]
    public async Task AMillionSamplesInACellAreJudgedLikeFew()
    {
        await MeasureAsync(1);
        using (var store = Open())
        {
            // Each sample again in as many further blocks as make a million: no ratio of a launch moves.
            Run(
                store,
                """
                with recursive times(n) as (select 1 union all select n + 1 from times where n < 8333)
                insert into samples select launch_id, block + 10 * n, variant, position, iterations, wall_ns, cpu_ns,
                  device_ns, involuntary_switches, pressure_us, accepted, reason from samples, times
                """
            );
        }

        var ran = await layerbench.RunAsync("analyze", "run", "--json");
        ran.Error.ShouldBe("");
        Verdict(JsonDocument.Parse(ran.OutputLines[0]).RootElement).ShouldBe("faster");
        ran.OutputLines[^1].ShouldContain("\"of\":500040,", Case.Sensitive, "six launches of 83,340 blocks");
    }

    private async Task MeasureAsync(int cells)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "sim.yaml"),
            SimulatedSweep.Yaml(cells) + "\ndevices: simulated:1\n",
            TestContext.Current.CancellationToken
        );
        (await layerbench.RunAsync("run", "sim.yaml", "--quiet", "--out", "run")).ExitCode.ShouldBe(0);
    }

    private static int Index(JsonElement cell) => cell.GetProperty("index").GetInt32();

    /// <summary>Of the second variant; null where the cell has none or nothing is said.</summary>
    private static string? Verdict(JsonElement cell) =>
        cell.GetProperty("variants")
            .EnumerateArray()
            .Where(v => v.GetProperty("variant").GetString() == "other")
            .Select(v => v.GetProperty("verdict").GetString())
            .SingleOrDefault();

    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private SqliteConnection Open()
    {
        var store = new SqliteConnection(
            $"Data Source={Path.Combine(folder.Path, "run", "layerbench.db")};Pooling=false"
        );
        store.Open();
        Run(store, "pragma foreign_keys = off; pragma ignore_check_constraints = on");
        return store;
    }

    private static void Run(SqliteConnection store, string sql)
    {
        using var command = store.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
