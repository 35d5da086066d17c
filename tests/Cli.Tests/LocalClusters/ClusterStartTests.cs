using System.Net;
using System.Net.Sockets;
using Layerbench.Core;
using Layerbench.LocalCluster;
using Layerbench.LocalCluster.Processes;
using Layerbench.LocalCluster.Records;

namespace Layerbench.Cli.Tests.LocalClusters;

/// <summary>What is wrong is said before anything runs, and what was begun is taken back; no silo of Orleans is needed to see that.</summary>
public sealed class ClusterStartTests : IDisposable
{
    private const string Elsewhere = "Host=db.example;Database=bench";

    private readonly ScratchFolder scratch = new();

    private ClusterFolder Folder => new(scratch["cluster"]);

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void ABuildWithoutOrleansSaysSo() =>
        Should
            .Throw<BadInputException>(() => ClusterPrograms.Require(AppContext.BaseDirectory, "TorchSharp Orleans"))
            .Message.ShouldStartWith("this build has no Orleans, on which the cluster runs");

    [Fact]
    public void ProgramsThatAreNotThereAreNamed() =>
        Should
            .Throw<BadInputException>(() => ClusterPrograms.Require(scratch.Path, ""))
            .Message.ShouldStartWith("the program layerbench-silo is not beside layerbench");

    [Fact]
    public async Task APortInUseIsRefused()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var wrong = await RefusedAsync(Plan with { Port = port });

        wrong.Messages.ShouldBe([$"--port: {port} is in use; stop what uses it, or give another port"]);
        Directory.Exists(Folder.Path).ShouldBeFalse();
    }

    [Fact]
    public async Task AFolderWithSomethingElseInItIsRefused()
    {
        Directory.CreateDirectory(Folder.Path);
        await File.WriteAllTextAsync(
            Path.Combine(Folder.Path, "thesis.tex"),
            "",
            TestContext.Current.CancellationToken
        );

        (await RefusedAsync(Plan)).Message.ShouldBe(
            $"'{Folder.Path}' has something in it that is no cluster of layerbench; choose another --dir, or empty it"
        );
    }

    [Fact]
    public async Task WhatTheClusterInTheFolderIsNotIsRefusedAllAtOnce()
    {
        Folder.Write(Record());

        var wrong = await RefusedAsync(
            Plan with
            {
                Silos = 1,
                Simulated = 7,
                Postgres = "Host=other",
                Port = FreePort(),
            }
        );

        wrong.Messages.Select(m => m.Split(':')[0]).ShouldBe(["--silos", "--postgres", "--simulated"]);
    }

    [Fact]
    public async Task ARecordOfAnotherVersionIsRefused()
    {
        Folder.Write(Record() with { Version = 99 });

        (await RefusedAsync(Plan)).Message.ShouldContain("is of version 99, and this layerbench reads 1");
    }

    [Fact]
    public async Task TwoStartsAtOnceAreRefused()
    {
        using var held = Folder.Hold();

        (await RefusedAsync(Plan)).Message.ShouldStartWith("another command is starting or stopping the cluster");
    }

    [Fact]
    public async Task ASiloThatEndsWhileItIsStartedEndsTheStartWithItsWordsAndNothingIsLeft()
    {
        var programs = Programs("echo layerbench-silo: Layerbench:Postgres: no such host >&2; exit 2");

        var wrong = await Should.ThrowAsync<BadInputException>(() => Start(programs).UpAsync(Plan));

        wrong.Message.ShouldStartWith("silo node-");
        wrong.Message.ShouldContain("ended while it was started: layerbench-silo: Layerbench:Postgres: no such host");
        Folder.Read().ShouldBeNull();
    }

    [Fact]
    public async Task AStartThatIsStoppedLeavesNothingBehind()
    {
        using var stop = new CancellationTokenSource();
        var pids = scratch["pids"];
        var up = Start(Programs($"echo $$ >> {pids}; exec sleep 600")).UpAsync(Plan, stop.Token);
        await UntilAsync(() => File.Exists(pids) && File.ReadLines(pids).Count() == 2);
        var started = File.ReadLines(pids).Select(int.Parse).Select(ProcessMark.Of).ToList();
        started.ShouldAllBe(p => p != null && p.IsAlive);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => up);
        started.ShouldAllBe(p => !p!.IsAlive);
        Folder.Read().ShouldBeNull();
    }

    [Fact]
    public void ARecordReadsBackAsItWasWritten()
    {
        var mark = ProcessMark.Of(Environment.ProcessId)!;
        Folder.Write(Record() with { Gateway = mark });

        var read = Folder.Read()!;

        read.Gateway.ShouldBe(mark);
        read.Silos.Select(s => s.Name).ShouldBe(["node-1", "node-2"]);
        read["node-2"].Ports.ShouldBe(new SiloPorts(11112, 30001, 8082));
        mark.IsAlive.ShouldBeTrue();
        (mark with { StartTicks = mark.StartTicks + 1 }).IsAlive.ShouldBeFalse();
    }

    private static ClusterPlan Plan =>
        new()
        {
            Silos = 2,
            Simulated = 1,
            Postgres = Elsewhere,
            Port = FreePort(),
        };

    private static ClusterRecord Record() =>
        new(
            ClusterRecord.CurrentVersion,
            "local-1",
            18080,
            Elsewhere,
            Simulated: 1,
            Journals: false,
            PostgresAddress: null,
            new Dictionary<string, string>(),
            new Dictionary<string, string>(),
            [
                new SiloRecord("node-1", ["simulated:1"], new SiloPorts(11111, 30000, 8081), Process: null),
                new SiloRecord("node-2", ["simulated:1"], new SiloPorts(11112, 30001, 8082), Process: null),
            ],
            Gateway: null
        );

    private static ClusterPrograms Programs(string script) => new(["/bin/sh", "-c", script], ["/bin/false"]);

    private ClusterStart Start(ClusterPrograms programs) => new(Folder, programs, _ => { }, TimeProvider.System);

    private async Task<BadInputException> RefusedAsync(ClusterPlan plan) =>
        await Should.ThrowAsync<BadInputException>(() => Start(Programs("exit 70")).UpAsync(plan));

    private static int FreePort() => LoopbackPorts.Take(18100, new HashSet<int>());

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
