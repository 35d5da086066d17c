using Layerbench.Core.Protocol;
using Layerbench.Engine.Workers;

namespace Layerbench.Worker.Tests.TorchSharp;

/// <summary>An assembly of a user's own (tests/Worker.PlugIn), loaded by the real worker.</summary>
public sealed class PlugInTests
{
    private static readonly string Assembly =
        TorchSharpWorker.Folder.Replace("Layerbench.Worker", "Layerbench.Worker.PlugIn", StringComparison.Ordinal)
        + "/Layerbench.Worker.PlugIn.dll";

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["LAYERBENCH_EXTRA_VARIANTS"] = $"/a/plug_in_of_the_other_worker.py:{Assembly}",
    };

    [Fact]
    public async Task ItsVariantsAreInTheCatalogueAndPassTheGate()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync(Environment);

        var prepared = await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare(["plug.mean", "mix.none"], "forward_backward")
        );

        prepared.Variants[0].ParameterCount.ShouldBe(16 * 16);
        prepared.Variants[0].ForwardError!.Value.ShouldBeLessThan(1e-5);
        prepared.Variants[0].GradientError!.Value.ShouldBeLessThan(1e-4);
    }

    [Theory]
    [InlineData("plug.nan", "incorrect", "output: relative error NaN against the float64 reference")]
    [InlineData("plug.shape", "incorrect", "output: has the shape [4, 7, 16] and must have [4, 8, 16].")]
    [InlineData("plug.throws", "error", "it is Tuesday")]
    public async Task OneThatIsBrokenEndsItsCellAndTheWorkerGoesOn(string variant, string kind, string message)
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync(Environment);

        var trouble = await worker.AskAsync<Reply.Trouble>(Requests.Prepare(["mix.none", variant]));

        trouble.Variant.ShouldBe(variant);
        trouble.Kind.ShouldBe(kind);
        trouble.Message.ShouldContain(message);
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["plug.mean"]));
    }

    [Fact]
    public async Task ItsCodeIsInTheFingerprint()
    {
        await using var worker = TorchSharpWorker.Start(Environment);
        var hello = await worker.AskAsync<Reply.Hello>(Requests.Hello());
        hello.Environment!["extra_variants"].ShouldBe(Assembly);
        hello.Environment["extra_variants_code"].Length.ShouldBe(16);
    }

    [Fact]
    public async Task AnAssemblyThatCannotServeIsOneLineWithTheReason()
    {
        TorchSharpWorker.ProgramOrSkip();
        var folder = Directory.CreateTempSubdirectory("layerbench-plugin-").FullName;
        try
        {
            var text = Path.Combine(folder, "text.dll");
            await File.WriteAllTextAsync(text, "no assembly", TestContext.Current.CancellationToken);
            (await ProblemAsync(text)).ShouldStartWith($"{text} does not load: BadImageFormatException: ");

            var other = Path.Combine(TorchSharpWorker.Folder, "Layerbench.Core.dll");
            (await ProblemAsync(other)).ShouldBe(
                $"{other} has no class that derives from Layerbench.Worker.Variants.LayerVariant; give one, as docs/adding-a-variant.md shows"
            );

            var again = Path.Combine(folder, "again.dll");
            File.Copy(Assembly, again);
            (await ProblemAsync($"{Assembly}:{again}")).ShouldContain("; rename one");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> ProblemAsync(string assemblies)
    {
        var status = await WorkerCatalog.DescribeAsync(
            "torchsharp",
            new("/usr/bin/env", [$"LAYERBENCH_EXTRA_VARIANTS={assemblies}", TorchSharpWorker.ProgramOrSkip()]),
            "",
            TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken
        );
        status.IsUsable.ShouldBeFalse();
        return status.Said.ShouldNotBeNull();
    }
}
