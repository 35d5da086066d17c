using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Core.Sweeps;

namespace Layerbench.Worker.Tests.PyTorch;

/// <summary>What is known of the variants from mathematics, and from what the framework says it was asked for.</summary>
public sealed class MathematicsTests
{
    private static readonly string Folder = Path.Combine(
        PyTorchWorker.Root,
        "tests",
        "Worker.Tests",
        "PyTorch",
        "Mathematics"
    );

    private static readonly Dictionary<string, string> Modules = new(StringComparer.Ordinal)
    {
        ["PYTHONPATH"] = Path.GetDirectoryName(PyTorchWorker.Script)!,
        ["PYTHONDONTWRITEBYTECODE"] = "1",
    };

    /// <summary>What a variant's FLOPs have beside its products of matrices and its convolutions.</summary>
    private static readonly Dictionary<string, string> BesideProducts = new(StringComparer.Ordinal)
    {
        ["ffn.keras_block"] = "9*batch*seq_len*d_model",
        ["mix.attention"] = "5*batch*heads*seq_len**2",
        ["mix.sdpa"] = "5*batch*heads*seq_len**2",
        ["mix.gconv2"] = "batch*seq_len*d_model",
        ["mix.synthesizer"] = "5*batch*seq_len**2",
        // Attention's, and for each block two norms and two residuals.
        ["net.blocks"] = "depth*(5*batch*heads*seq_len**2 + 18*batch*seq_len*d_model)",
    };

    /// <summary>The framework does not say what a Fourier transform costs; linear attention also divides by a sum of products.</summary>
    private static readonly string[] NotCounted =
    [
        "mix.fnet",
        "mix.gconv_fft",
        "mix.gfnet",
        "mix.hyena",
        "mix.linear_attention",
    ];

    [Fact]
    public Task TheIdentitiesOfTheVariantsHold() =>
        PyTorchWorker.RunAsync([Path.Combine(Folder, "identities.py")], Modules);

    [Fact]
    public async Task TheCataloguesFlopsAreThoseOfTheProductsTheFrameworkIsAskedFor()
    {
        var info = JsonSerializer.Deserialize<BackendInfo>(
            await PyTorchWorker.RunAsync([PyTorchWorker.Script, "--describe"]),
            ProtocolJson.Options
        )!;
        var direct = new Dictionary<string, AxisValue>(StringComparer.Ordinal)
        {
            ["method"] = AxisValue.Of("direct"),
            ["heads"] = AxisValue.Of(2),
            ["depth"] = AxisValue.Of(2),
        };
        var points = info
            .Variants.Where(v => v.Name != "bench.empty" && !NotCounted.Contains(v.Name))
            .ToDictionary(v => v.Name, v => CataloguePoints.At(v.Axes, direct), StringComparer.Ordinal);

        var text = await PyTorchWorker.RunAsync(
            [Path.Combine(Folder, "counts.py")],
            Modules,
            JsonSerializer.Serialize(points, ProtocolJson.Options)
        );

        var counted = JsonSerializer.Deserialize<Dictionary<string, double>>(text)!;
        counted.Count.ShouldBe(points.Count);
        foreach (var variant in info.Variants.Where(v => points.ContainsKey(v.Name)))
        {
            var beside = BesideProducts.GetValueOrDefault(variant.Name, "0");
            Number(variant.ForwardFlops).ShouldBe(counted[variant.Name] + Number(beside), variant.Name);

            double Number(string expression) => Expression.Parse(expression).Number(n => points[variant.Name][n]);
        }
    }
}
