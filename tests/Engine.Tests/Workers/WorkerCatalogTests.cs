using System.Diagnostics;
using Layerbench.Core.Catalog;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Tests.Stores;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Tests.Workers;

public sealed class WorkerCatalogTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<BackendStatus> DescribeAsync(string name, WorkerCommand command, double seconds = 10) =>
        WorkerCatalog.DescribeAsync(name, command, "the repair", TimeSpan.FromSeconds(seconds), Cancellation);

    [Fact]
    public async Task AWorkerDescribesItself()
    {
        var status = await DescribeAsync("fake", FakeWorker.Command());
        status.IsUsable.ShouldBeTrue(status.Problem);
        status.Info!.Variants.Single().Name.ShouldBe("fake.one");
        status.Command.ShouldNotBeNull().Arguments.ShouldBe([FakeWorker.Script]);
    }

    [Fact]
    public async Task AWorkerThatCannotDescribeItselfIsReportedInItsOwnWords()
    {
        var status = await DescribeAsync("fake", FakeWorker.Command("--cannot-describe"));
        status.IsUsable.ShouldBeFalse();
        status
            .Problem.ShouldNotBeNull()
            .ShouldEndWith("exited with code 1: ModuleNotFoundError: No module named 'torch'");
        status.Repair.ShouldBe("the repair");
    }

    [Fact]
    public async Task AWorkerOfAnotherNameIsNotTakenForTheOneAskedFor() =>
        (await DescribeAsync("pytorch", FakeWorker.Command()))
            .Problem.ShouldNotBeNull()
            .ShouldEndWith("says it is 'fake'");

    [Theory]
    [InlineData("echo hello", "wrote 'hello', which is no description")]
    [InlineData("true", "wrote nothing, which is no description")]
    [InlineData("echo '{}'", "left out backend, variants, passes or dtypes")]
    [InlineData(
        "echo '{\"backend\":\"x\",\"protocol\":9,\"variants\":[],\"passes\":[],\"dtypes\":[]}'",
        "speaks protocol 9, this build 1"
    )]
    public async Task WhatIsNoDescriptionIsSaidSo(string script, string problem) =>
        (await DescribeAsync("x", new WorkerCommand("/bin/sh", ["-c", script])))
            .Problem.ShouldNotBeNull()
            .ShouldContain(problem);

    [Fact]
    public async Task AWorkerThatHangsIsGivenUp()
    {
        var status = await DescribeAsync("x", new WorkerCommand("/bin/sh", ["-c", "sleep 600"]), seconds: 1);
        status.Problem.ShouldNotBeNull().ShouldEndWith("did not answer within 1 s");
    }

    [Fact]
    public async Task WithoutAnyWorkerTheSimulationIsLeftAndTheRestSaysWhatItLacks()
    {
        var catalog = await WorkerCatalog.DiscoverAsync(new WorkerSearch(folder.Path, "/no/python"), Cancellation);
        catalog
            .Backends.Select(b => (b.Name, b.IsUsable))
            .ShouldBe([("torchsharp", false), ("pytorch", false), (SimulatedBackend.Name, true)]);
        catalog.Find("torchsharp")!.Problem.ShouldBe("Layerbench.Worker is not installed");
        catalog.Variants.FindVariant(SimulatedBackend.Noop).ShouldNotBeNull();
        catalog.Variants.FindPass("forward").ShouldNotBeNull();
        catalog
            .Backends.Where(b => !b.IsUsable)
            .ShouldAllBe(b => !string.IsNullOrEmpty(b.Problem) && !string.IsNullOrEmpty(b.Repair));
    }

    [Fact]
    public void TheSimulationHasTheVariantsOfTheOthersUnderItsOwnName()
    {
        var dense = new VariantInfo("ffn.dense", "", "", "", [], [], "1", "2", "3", []);
        var described = SimulatedBackend.Describe([new BackendInfo("pytorch", 1, [dense], [], ["float32", "odd"])]);
        described.Backend.ShouldBe("simulated");
        described.Variants.Select(v => v.Name).ShouldBe(["sim.noop", "sim.cost", "ffn.dense"]);
        described.Dtypes.ShouldContain("odd");
    }

    [Fact]
    public async Task ThePythonWithTorchIsFoundAndRemembered()
    {
        var torch = folder.File("torch.py");
        await File.WriteAllTextAsync(torch, "", Cancellation);
        var without = Interpreter("without", "{\"executable\": \"/w\", \"torch\": null}");
        var with = Interpreter("with", $"{{\"executable\": \"{folder.File("with")}\", \"torch\": \"{torch}\"}}");
        var search = new PythonSearch(["no-such-python", without, with], folder.File("cache"));

        (await search.FindAsync(Cancellation)).ShouldBe(new PythonFound(with, null));
        (await search.FindAsync(Cancellation)).ShouldBe(new PythonFound(with, null));
        Runs("with").ShouldBe(1, "the good answer is kept");
        Runs("without").ShouldBe(2, "a bad one is not, since torch may be installed meanwhile");

        File.Delete(torch);
        await search.FindAsync(Cancellation);
        Runs("with").ShouldBe(2, "torch is no longer where it was");
    }

    [Fact]
    public async Task EveryPythonThatWasTriedIsNamed()
    {
        var without = Interpreter("without", "{\"executable\": \"/w\", \"torch\": null}");
        var broken = Interpreter("broken", "hello");
        var found = await new PythonSearch(["no-such-python", without, broken], folder.File("cache")).FindAsync(
            Cancellation
        );
        found.Program.ShouldBeNull();
        found.Problem.ShouldBe(
            $"'no-such-python' is not there or cannot be executed; {without} has no torch; {broken} is no Python: it answered 'hello'"
        );
    }

    [Fact]
    public void WorkersAreFoundInstalledAndInABuildOutput()
    {
        WorkerFiles.TorchSharp(folder.Path).ShouldBeNull();
        WorkerFiles.PyTorch(folder.Path).ShouldBeNull();

        var program = Directory.CreateDirectory(folder.File("artifacts/bin/Layerbench.Cli/debug")).FullName;
        Touch("artifacts/bin/Layerbench.Worker/debug/Layerbench.Worker.dll");
        Touch("Orchestrator.sln");
        Touch("Silo/Worker.PyTorch/worker.py");
        WorkerFiles
            .TorchSharp(program + "/")!
            .Arguments.ShouldBe([folder.File("artifacts/bin/Layerbench.Worker/debug/Layerbench.Worker.dll")]);
        WorkerFiles.PyTorch(program + "/").ShouldBe(folder.File("Silo/Worker.PyTorch/worker.py"));

        Touch("artifacts/bin/Layerbench.Cli/debug/workers/torchsharp/Layerbench.Worker");
        Touch("artifacts/bin/Layerbench.Cli/debug/workers/pytorch/worker.py");
        WorkerFiles
            .TorchSharp(program)!
            .Program.ShouldBe(Path.Combine(program, "workers/torchsharp/Layerbench.Worker"));
        WorkerFiles.PyTorch(program).ShouldBe(Path.Combine(program, "workers/pytorch/worker.py"));
    }

    [Fact]
    public void TheAllocatorIsTcmallocElseJemallocElseGlibc()
    {
        Allocator.Find([folder.Path], chosen: null).ShouldBe(Allocator.Glibc);
        Touch("libjemalloc.so.2");
        Allocator
            .Find([folder.Path], chosen: null)
            .ShouldBe(new Allocator("libjemalloc.so.2", folder.File("libjemalloc.so.2")));
        Touch("libtcmalloc_minimal.so.4.5.10");
        File.CreateSymbolicLink(folder.File("libtcmalloc_minimal.so.4"), "libtcmalloc_minimal.so.4.5.10");
        Allocator
            .Find([folder.Path], chosen: null)
            .ShouldBe(new Allocator("libtcmalloc_minimal.so.4.5.10", folder.File("libtcmalloc_minimal.so.4")));
        Allocator.Find([folder.Path], "glibc").ShouldBe(Allocator.Glibc);
        Should
            .Throw<FileNotFoundException>(() => Allocator.Find([folder.Path], "/no/lib.so"))
            .Message.ShouldStartWith("LAYERBENCH_ALLOCATOR: '/no/lib.so' is not a file; name a library");
    }

    private void Touch(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), "");
    }

    /// <summary>A program that answers as it is told and counts its runs.</summary>
    private string Interpreter(string name, string answer)
    {
        var path = folder.File(name);
        File.WriteAllText(path, $"#!/bin/sh\necho run >> '{path}.runs'\necho '{answer}'\n");
        using var chmod = Process.Start("chmod", ["+x", path]);
        chmod.WaitForExit();
        return path;
    }

    private int Runs(string name) => File.ReadAllLines(folder.File(name + ".runs")).Length;
}
