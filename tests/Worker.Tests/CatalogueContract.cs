using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Core.Sweeps;

namespace Layerbench.Worker.Tests;

/// <summary>Every variant of a worker, at every kind of point its axes have: the same of every backend.</summary>
public abstract class CatalogueContract
{
    private protected abstract Task<BackendInfo> DescribeAsync();

    /// <summary>Started and past hello, on one CPU thread.</summary>
    private protected abstract Task<WorkerClient> StartAndGreetAsync();

    /// <summary>Whether the backend may say that it cannot run a variant in this type.</summary>
    private protected abstract bool MayLack(string reason, string dtype);

    [Theory]
    [InlineData("forward", "float32")]
    [InlineData("forward_backward", "float64")]
    [InlineData("forward_backward", "float32")]
    [InlineData("forward_backward", "bfloat16")]
    [InlineData("seed_epoch", "float32")]
    public async Task EveryVariantPassesTheGateOrSaysWhyItCannotRun(string pass, string dtype)
    {
        var info = await DescribeAsync();
        await using var worker = await StartAndGreetAsync();
        var failures = new List<string>();
        foreach (var variant in info.Variants)
        {
            foreach (var point in CataloguePoints.Of(variant, info.Passes.Single(p => p.Name == pass)))
            {
                await worker.SendAsync(Requests.Prepare([variant.Name], pass, dtype, parameters: point));
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
                    case Reply.Trouble { Kind: "unsupported" } trouble when MayLack(trouble.Message, dtype):
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

    private static string Text(IReadOnlyDictionary<string, AxisValue> point) =>
        string.Join(' ', point.Select(p => $"{p.Key}={p.Value}"));
}
