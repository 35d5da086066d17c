using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Core.Sweeps;

namespace Layerbench.Worker.Tests.PyTorch;

/// <summary>Every variant of the PyTorch worker, at every kind of point its axes have.</summary>
public sealed class CatalogueTests
{
    [Theory]
    [InlineData("forward", "float32")]
    [InlineData("forward_backward", "float64")]
    [InlineData("forward_backward", "float32")]
    [InlineData("forward_backward", "bfloat16")]
    [InlineData("seed_epoch", "float32")]
    public async Task EveryVariantPassesTheGateOrSaysWhyItCannotRun(string pass, string dtype)
    {
        var info = await DescribeAsync();
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        var failures = new List<string>();
        foreach (var variant in info.Variants)
        {
            foreach (var point in CataloguePoints.Of(variant, info.Passes.Single(p => p.Name == pass)))
            {
                await worker.SendAsync(PyTorchWorker.Prepare([variant.Name], pass, dtype, parameters: point));
                switch (await worker.ReceiveAsync())
                {
                    case Reply.Prepared prepared:
                        var counted = (long)Expression.Parse(variant.Parameters).Number(name => point[name]);
                        if (prepared.Variants.Single().ParameterCount != counted)
                        {
                            failures.Add($"{variant.Name} {Text(point)}: the catalogue counts {counted} parameters");
                        }

                        await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
                        break;
                    case Reply.Trouble { Kind: "unsupported" } trouble
                        when dtype == "bfloat16"
                            && trouble.Message.StartsWith("no Fourier transform in bfloat16", StringComparison.Ordinal):
                        break;
                    case var other:
                        failures.Add($"{variant.Name} {Text(point)}: {other}");
                        break;
                }
            }
        }

        failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryConstraintHoldsAndEveryCostIsANumberAtEveryKindOfPoint()
    {
        var info = await DescribeAsync();
        foreach (var variant in info.Variants)
        {
            foreach (var point in CataloguePoints.Of(variant, info.Passes.Single(p => p.Name == "forward")))
            {
                variant.Constraints.ShouldAllBe(c => Expression.Parse(c.Expression).Truth(n => point[n]));
                Expression.Parse(variant.ForwardFlops).Number(n => point[n]).ShouldBeGreaterThanOrEqualTo(0);
                Expression.Parse(variant.ForwardBytes).Number(n => point[n]).ShouldBeGreaterThanOrEqualTo(0);
            }
        }
    }

    [Fact]
    public async Task EqualVariantsNameEachOtherAndTakeTheSameAxes()
    {
        var variants = (await DescribeAsync()).Variants.ToDictionary(v => v.Name, StringComparer.Ordinal);
        foreach (var variant in variants.Values)
        {
            foreach (var other in variant.EqualTo)
            {
                variants[other].EqualTo.ShouldContain(variant.Name, other);
                variants[other].Axes.Select(a => a.Name).ShouldBe(variant.Axes.Select(a => a.Name), other);
            }
        }
    }

    private static async Task<BackendInfo> DescribeAsync() =>
        JsonSerializer.Deserialize<BackendInfo>(
            await PyTorchWorker.RunAsync([PyTorchWorker.Script, "--describe"]),
            ProtocolJson.Options
        )!;

    private static string Text(IReadOnlyDictionary<string, AxisValue> point) =>
        string.Join(' ', point.Select(p => $"{p.Key}={p.Value}"));
}
