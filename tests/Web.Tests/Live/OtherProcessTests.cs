using Layerbench.Cli.Serving;
using Layerbench.Cli.Sweeping;
using Layerbench.Core;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Output;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;
using Layerbench.Tests.Shared;
using Layerbench.Tests.Shared.Browser;

namespace Layerbench.Web.Tests.Live;

/// <summary>What <c>serve</c> knows of runs that are not its own: what their locks say.</summary>
public sealed class OtherProcessTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private static readonly DeviceInfo gpu = new(new DeviceId("cuda:0"), "cuda", "A GPU", [], 1L << 30)
    {
        Uuid = $"GPU-{Guid.NewGuid()}",
    };

    private readonly string folder = Directory.CreateTempSubdirectory("layerbench-others-").FullName;

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.EnumerateFiles(DeviceLock.DefaultFolder, $"gpu-{gpu.Uuid}*"))
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task ADeviceThatAnotherProcessHasIsNotIdle()
    {
        var (file, output) = (Path.Combine(folder, "grid.yaml"), Path.Combine(folder, "a"));
        await File.WriteAllTextAsync(file, Texts.Grid());
        (await CommandRun.OfAsync("run", file, "--out", output, "--quiet")).Code.ShouldBe(Cli.ExitCode.Done);
        await using var server = await ServeAsync();
        await using var page = await chromium.LiveAsync(server.Address, "nodes");
        await page.SaysAsync("main td >> nth=-1", "idle");

        using var held = await DeviceLock.AcquireAsync(
            gpu,
            DeviceLock.DefaultFolder,
            TimeProvider.System,
            _ => { },
            TestContext.Current.CancellationToken
        );
        await page.SaysAsync("main td >> nth=-1", $"another process measures here: process {Environment.ProcessId} (");

        await using var open = OutputFolder.Open(output, TimeProvider.System);
        var sweep = (await open.Store.SweepsAsync()).Single().Id;
        open.Begin(sweep, 12);
        await page.SaysAsync("main td >> nth=-1", $"{sweep}, which another process measures here: process");

        held.Dispose();
        await page.SaysAsync("main td >> nth=-1", "idle");
        await page.SaysAsync("main", $"another process runs '{sweep}'; on which of the devices is not known here");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatAnotherProcessRunsTakesNoCommandAndWhatRunsHereIsNotRunAgain()
    {
        await using var server = await ServeAsync();
        var answer = await server.Sweeps.SubmitAsync(
            new SweepSubmission(Texts.Grid(), []),
            new Core.Access.Caller("local", Core.Access.Role.Admin)
        );
        var own = answer.ShouldBeOfType<SubmitAnswer.Accepted>().Status with
        {
            Stage = SweepStage.Running,
            Outcomes = new Dictionary<string, long> { ["failed"] = 1 },
        };
        var others = own with { Id = new SweepId("others") };

        server.Sweeps.CommandsOn(own).ShouldBe([SweepCommand.Pause, SweepCommand.Cancel]);
        server.Sweeps.CommandsOn(own with { Stage = SweepStage.Finished }).ShouldBe([SweepCommand.Rerun]);
        server.Sweeps.CommandsOn(others).ShouldBeEmpty();
        server.Sweeps.CommandsOn(others with { Stage = SweepStage.Stopped }).ShouldBe([SweepCommand.Rerun]);
    }

    [Fact]
    public async Task WhoComesLateIsToldOfTheLastEvents()
    {
        await using var server = await ServeAsync();
        var answer = await server.Sweeps.SubmitAsync(
            new SweepSubmission(Texts.Grid(), []),
            new Core.Access.Caller("local", Core.Access.Role.Admin)
        );
        var id = answer.ShouldBeOfType<SubmitAnswer.Accepted>().Status.Id;
        var run = server.Sweeps.Own.Find(id)!;
        var now = run.Record.CreatedAt;
        run.See(new EngineEvent.SweepStarted(now, id, 12, 0, []));
        for (var n = 1; n <= 5000; n++)
        {
            run.See(new EngineEvent.SliceLeased(now, gpu.Id, n, Attempt: 1));
        }

        run.See(new EngineEvent.SweepEnded(now, RunEnd.Interrupted, new Dictionary<string, long>(), TimeSpan.Zero));

        var told = await server.Sweeps.EventsAsync(id, after: null).ToListAsync();

        told.Select(e => e.Event.GetType().Name)
            .ShouldBe(["SweepStarted", .. Enumerable.Repeat("SliceLeased", 199), "SweepEnded"]);
        told[1].Event.ShouldBeOfType<EngineEvent.SliceLeased>().Cells.ShouldBe(4802);
        told.Select(e => e.Id.Sequence).ShouldBe(Enumerable.Range(4802, 201).Select(n => (long)n));
    }

    private Task<PageServer> ServeAsync() =>
        PageServer.StartAsync(
            new PageAddress(0),
            [folder],
            new Workplace(
                new WorkerCatalog([
                    new BackendStatus(SimulatedBackend.Name, null, SimulatedBackend.Describe([]), null, null),
                ]),
                [gpu]
            ),
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
}
