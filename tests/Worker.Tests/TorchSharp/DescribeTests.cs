using System.Diagnostics;
using System.Text.Json;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class DescribeTests
{
    /// <summary>What the product's two questions are asked in.</summary>
    private static readonly string[] Essential =
    [
        "bench.empty",
        "ffn.batched",
        "ffn.conv1d",
        "ffn.conv1d_ncl",
        "ffn.dense",
        "ffn.keras_block",
        "ffn.residual_relu",
        "ffn.timedist",
        "mix.attention",
        "mix.gconv2",
        "mix.gconv_circulant",
        "mix.gconv_direct",
        "mix.gconv_fft",
        "mix.mlp",
        "mix.none",
        "mix.sdpa",
        "net.blocks",
    ];

    [Fact]
    public async Task TheCatalogueNamesEveryVariantAndPass()
    {
        var (info, _) = await DescribeAsync(TorchSharpWorker.ProgramOrSkip());

        info.Backend.ShouldBe("torchsharp");
        info.Protocol.ShouldBe(ProtocolVersion.Current);
        var names = info.Variants.Select(v => v.Name).ToList();
        names.ShouldBe(names.Order(StringComparer.Ordinal));
        names.ShouldBeUnique();
        Essential.Except(names).ShouldBeEmpty();
        info.Passes.Select(p => p.Name)
            .ShouldBe([
                "forward",
                "forward_backward",
                "training_step",
                "seed_epoch",
                "pairwise",
                "recall",
                "parity",
                "selective_copy",
                "induction",
                "interaction",
            ]);
        info.Dtypes.ShouldBe(["float32", "float64", "float16", "bfloat16"]);
        var catalogue = new VariantCatalog([info]);
        catalogue.FindVariant("ffn.dense")!.EqualTo.ShouldContain("ffn.conv1d");
        catalogue.FindVariant("ffn.conv1d")!.EqualTo.ShouldContain("ffn.dense");
        catalogue.FindVariant("ffn.dense")!.ForwardFlops.ShouldBe("4*batch*seq_len*d_model*d_ff");
        catalogue
            .FindVariant("ffn.dense")!
            .Axes.Select(a => (a.Name, a.Kind, a.Default, a.Minimum))
            .ShouldBe([
                ("batch", "integer", null, 1d),
                ("seq_len", "integer", null, 1d),
                ("d_model", "integer", null, 1d),
                ("d_ff", "integer", "4*d_model", 1d),
            ]);
        info.Variants.ShouldAllBe(v => v.Equation.Length > 0 && v.Citation.Length > 0 && v.Summary.Length > 0);
    }

    [Fact]
    public async Task DescribingDoesNotLoadLibtorch()
    {
        // The loader of glibc writes every library it maps to standard error.
        var (_, log) = await DescribeAsync(TorchSharpWorker.ProgramOrSkip(), ("LD_DEBUG", "files"));

        log.ShouldContain("libcoreclr.so", Case.Sensitive);
        log.ShouldNotContain("LibTorchSharp", Case.Insensitive);
        log.ShouldNotContain("libtorch", Case.Insensitive);
    }

    [Fact]
    public async Task WithoutItsNativeLibrariesItStillDescribesItselfAndSaysAtHelloWhatToInstall()
    {
        TorchSharpWorker.ProgramOrSkip();
        var folder = Directory.CreateTempSubdirectory("layerbench-worker-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(TorchSharpWorker.Folder))
            {
                if (!Path.GetFileName(file).Contains(".so", StringComparison.Ordinal))
                {
                    File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
                }
            }

            // The package cache is another place where TorchSharp looks.
            var program = Path.Combine(folder.FullName, "Layerbench.Worker");
            var nowhere = Path.Combine(folder.FullName, "packages");
            (await DescribeAsync(program)).Info.Variants.ShouldNotBeEmpty();

            await using var worker = WorkerClient.Start(
                [program],
                new Dictionary<string, string>(StringComparer.Ordinal) { ["NUGET_PACKAGES"] = nowhere }
            );
            var trouble = await worker.AskAsync<Reply.Trouble>(Requests.Hello());

            trouble.Kind.ShouldBe("error");
            trouble.Message.ShouldContain("libtorch did not load");
            trouble.Message.ShouldContain("TorchSharp-cpu");
            await worker.AskAsync<Reply.Bye>(new Request.Bye());
            (await worker.ExitCodeAsync()).ShouldBe(0);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(BackendInfo Info, string Errors)> DescribeAsync(
        string program,
        params (string Name, string Value)[] environment
    )
    {
        var cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(program, ["--describe"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        process.ExitCode.ShouldBe(0, await errors);
        output.ShouldEndWith("}\n");
        output.TrimEnd().ShouldNotContain('\n');
        return (JsonSerializer.Deserialize<BackendInfo>(output, ProtocolJson.Options)!, await errors);
    }
}
