using System.Text.Json;
using System.Text.Json.Nodes;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.PyTorch;

public sealed class DescribeTests
{
    private static readonly string[] ExactForms =
    [
        "ffn.batched",
        "ffn.conv1d",
        "ffn.conv1d_ncl",
        "ffn.conv2d",
        "ffn.einsum",
        "ffn.fused",
        "ffn.timedist",
    ];
    private static readonly string[] Passes =
    [
        "forward",
        "forward_backward",
        "induction",
        "interaction",
        "pairwise",
        "parity",
        "recall",
        "seed_epoch",
        "selective_copy",
        "training_step",
    ];

    [Fact]
    public async Task DescriptionIsTheRecordOfTheEngineAndNothingElse()
    {
        var text = await DescribeAsync();

        var described = JsonSerializer.Deserialize<BackendInfo>(text, ProtocolJson.Options)!;

        var again = JsonSerializer.SerializeToNode(described, ProtocolJson.Options);
        foreach (var variant in again!["variants"]!.AsArray())
        {
            variant!.AsObject().Remove("family"); // computed, not told
        }

        JsonNode.DeepEquals(JsonNode.Parse(text), again).ShouldBeTrue(again.ToJsonString());
    }

    [Fact]
    public async Task VariantsAreDescribedWithTheirCostsAndEqualities()
    {
        var described = JsonSerializer.Deserialize<BackendInfo>(await DescribeAsync(), ProtocolJson.Options)!;

        described.Backend.ShouldBe("pytorch");
        described.Protocol.ShouldBe(ProtocolVersion.Current);
        described.Dtypes.ShouldBe(["float32", "float64", "bfloat16", "float16"]);
        described.Passes.Select(p => p.Name).ShouldBe(Passes);
        described.Variants.Select(v => v.Family).Distinct().ShouldBe(["bench", "ffn", "mix", "net"]);
        var dense = described.Variants.Single(v => v.Name == "ffn.dense");
        dense.EqualTo.ShouldBe(ExactForms);
        dense.ForwardFlops.ShouldBe("4*batch*seq_len*d_model*d_ff");
        dense.Parameters.ShouldBe("2*d_model*d_ff + d_ff + d_model");
        dense.Axes.Single(a => a.Name == "d_ff").Default.ShouldBe("4*d_model");
        described.Passes.Single(p => p.Name == "seed_epoch").FlopsFactor.ShouldBe("3 * ceil(samples / batch)");
    }

    [Fact]
    public async Task DescriptionNeverLoadsTorch()
    {
        var folder = Directory.CreateTempSubdirectory("layerbench-poison-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "torch.py"),
                "raise ImportError('poisoned')\n",
                TestContext.Current.CancellationToken
            );

            var text = await DescribeAsync(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["PYTHONPATH"] = folder.FullName }
            );

            text.ShouldStartWith("{\"backend\":\"pytorch\"");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task AFolderOfExtraVariantsIsDescribedToo()
    {
        var text = await DescribeAsync(PyTorchWorker.BrokenVariants);

        JsonSerializer
            .Deserialize<BackendInfo>(text, ProtocolJson.Options)!
            .Variants.Select(v => v.Name)
            .ShouldContain("broken.scaled");
    }

    private static Task<string> DescribeAsync(IReadOnlyDictionary<string, string>? environment = null) =>
        PyTorchWorker.RunAsync([PyTorchWorker.Script, "--describe"], environment);
}
