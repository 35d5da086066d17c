using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Sweeps;

namespace Layerbench.Worker.Tests.TorchSharp;

/// <summary>Every variant of the TorchSharp worker, at every kind of point its axes have.</summary>
public sealed class CatalogueTests
{
    [Theory]
    [InlineData("forward", "float64")]
    [InlineData("forward_backward", "float64")]
    [InlineData("forward", "float32")]
    [InlineData("forward_backward", "float32")]
    [InlineData("forward", "bfloat16")]
    [InlineData("forward_backward", "bfloat16")]
    public async Task EveryVariantPassesTheGateOrSaysWhyItCannotRun(string pass, string dtype)
    {
        var info = await WorkerDescription.ReadAsync(TorchSharpWorker.ProgramOrSkip());
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        var failures = new List<string>();
        var passed = new HashSet<string>(StringComparer.Ordinal);
        var reasons = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var variant in info.Variants)
        {
            foreach (var point in CataloguePoints.Of(variant, info.Passes.Single(p => p.Name == pass)))
            {
                var request = TorchSharpWorker.Prepare([variant.Name], pass, dtype, parameters: point);
                await worker.SendAsync(request);
                var reply = await worker.ReceiveAsync();
                if (reply is Reply.Prepared prepared)
                {
                    passed.Add(variant.Name);
                    var count = Expression.Parse(variant.Parameters).Number(name => point[name]);
                    prepared.Variants.Single().ParameterCount.ShouldBe((long)count, $"{variant.Name} {Text(point)}");
                    await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
                }
                else if (reply is not Reply.Trouble { Kind: "unsupported" })
                {
                    failures.Add($"{variant.Name} {Text(point)}: {(reply as Reply.Trouble)?.Message}");
                }
                else
                {
                    reasons.Add(((Reply.Trouble)reply).Message);
                }
            }
        }

        failures.ShouldBeEmpty();
        // On CPUs bfloat16 has no Fourier transform.
        info.Variants.Select(v => v.Name)
            .Except(passed)
            .ShouldBe(
                dtype == "bfloat16"
                    ? ["ffn.fused", "mix.fnet", "mix.gconv_fft", "mix.gfnet", "mix.hyena"]
                    : ["ffn.fused"]
            );
        reasons.ShouldAllBe(r =>
            r.StartsWith("ffn.fused: TorchSharp has no", StringComparison.Ordinal)
            || (dtype == "bfloat16" && r.Contains("BFloat16", StringComparison.Ordinal))
        );
    }

    private static string Text(IReadOnlyDictionary<string, AxisValue> point) =>
        string.Join(' ', point.Select(p => $"{p.Key}={p.Value}"));
}
