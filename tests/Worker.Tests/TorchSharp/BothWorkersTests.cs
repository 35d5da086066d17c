using System.Runtime.InteropServices;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Core.Sweeps;
using Layerbench.Worker.Tests.PyTorch;

namespace Layerbench.Worker.Tests.TorchSharp;

/// <summary>The two real workers are one product: the same catalogue, and the same numbers from the same seed.</summary>
public sealed class BothWorkersTests
{
    private static readonly AxisInfo[] Shape =
    [
        new("batch", "integer", ""),
        new("seq_len", "integer", ""),
        new("d_model", "integer", ""),
    ];

    [Theory]
    [InlineData("forward")]
    [InlineData("training_step")]
    [InlineData("seed_epoch")]
    public async Task TheSameSeedGivesTheSameOutputsBeforeAndAfterTraining(string pass)
    {
        await using var sharp = await TorchSharpWorker.StartAndGreetAsync();
        await using var python = await PyTorchWorker.StartAndGreetAsync();
        var prepare = Requests.Prepare(TorchSharpWorker.Layers, pass, seed: 0xfedcba9876543210);
        // One warm-up block and three of one iteration each: in an epoch's case four epochs of three batches.
        var blocks = Enumerable.Repeat<IReadOnlyList<int>>([0, 1, 2, 3], 3);
        var measure = Requests.Measure([.. blocks], 1, 0, 0);

        var before = await Task.WhenAll(OutputsAsync(sharp, prepare), OutputsAsync(python, prepare));
        before[0].Shapes.ShouldAllBe(shape => shape.SequenceEqual(new long[] { 4, 8, 16 }));
        ShouldAgree(before[0], before[1]);
        await Task.WhenAll(sharp.MeasureAsync(measure), python.MeasureAsync(measure));
        var after = await Task.WhenAll(OutputsAsync(sharp), OutputsAsync(python));

        ShouldAgree(after[0], after[1]);
        (before[0].Base64[0] == after[0].Base64[0]).ShouldBe(pass == "forward");
    }

    [Fact]
    public async Task TheLossesOfEpochsAgreeToFiveDigits()
    {
        await using var sharp = await TorchSharpWorker.StartAndGreetAsync();
        await using var python = await PyTorchWorker.StartAndGreetAsync();

        var left = await EpochContract.LossesAsync(sharp, "continue");
        var right = await EpochContract.LossesAsync(python, "continue");

        left.Zip(right, (l, r) => Math.Abs(l - r)).ShouldAllBe(difference => difference < 1e-5);
    }

    [Fact]
    public async Task EveryVariantOfBothGivesTheSameOutputsFromTheSameSeed()
    {
        var (sharpInfo, pythonInfo) = await DescribeBothAsync();
        await using var sharp = await TorchSharpWorker.StartAndGreetAsync();
        await using var python = await PyTorchWorker.StartAndGreetAsync();
        var compared = new HashSet<string>(StringComparer.Ordinal);
        var layers = Common(sharpInfo.Variants, pythonInfo.Variants, v => v.Name)
            .Select(v => v.First)
            .Where(v => v.Family != "bench")
            .ToList();
        foreach (var variant in layers)
        {
            foreach (var point in CataloguePoints.Of(variant, sharpInfo.Passes.Single(p => p.Name == "forward")))
            {
                var prepare = Requests.Prepare([variant.Name], gate: false, parameters: point);
                var outputs = await Task.WhenAll(TryOutputsAsync(sharp, prepare), TryOutputsAsync(python, prepare));
                if (outputs is [{ } left, { } right])
                {
                    ShouldAgree(
                        left,
                        right,
                        string.Join(' ', point.Prepend(new("variant", AxisValue.Of(variant.Name))))
                    );
                    compared.Add(variant.Name);
                }
            }
        }

        // Not every build of PyTorch 1.13 has a fused attention, and TorchSharp has no fused activation.
        layers.Select(v => v.Name).Except(compared).Except(["ffn.fused", "mix.sdpa"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task TheyDescribeTheVariantsAndPassesOfBothAlike()
    {
        var (sharp, python) = await DescribeBothAsync();

        foreach (var (left, right) in Common(sharp.Variants, python.Variants, v => v.Name))
        {
            Lines(right).ShouldBe(Lines(left));
            foreach (var point in Points(left))
            {
                var where = $"{left.Name} at {string.Join(' ', point)}";
                Number(right.Parameters, point).ShouldBe(Number(left.Parameters, point), where);
                Number(right.ForwardFlops, point).ShouldBe(Number(left.ForwardFlops, point), where);
                Number(right.ForwardBytes, point).ShouldBe(Number(left.ForwardBytes, point), where);
            }
        }

        foreach (var (left, right) in Common(sharp.Passes, python.Passes, p => p.Name))
        {
            right.Axes.Select(Axis).ShouldBe(left.Axes.Select(Axis));
            var point = CataloguePoints.At([.. Shape, .. left.Axes], []);
            Number(right.FlopsFactor, point).ShouldBe(Number(left.FlopsFactor, point), left.Name);
            Number(right.MemoryFactor, point).ShouldBe(Number(left.MemoryFactor, point), left.Name);
            Number(right.Steps ?? "0", point).ShouldBe(Number(left.Steps ?? "0", point), left.Name);
            Number(right.StepFlops ?? "0", point).ShouldBe(Number(left.StepFlops ?? "0", point), left.Name);
            Number(right.StepBytes ?? "0", point).ShouldBe(Number(left.StepBytes ?? "0", point), left.Name);
        }

        python.Dtypes.Order().ShouldBe(sharp.Dtypes.Order());
    }

    private static async Task<Reply.Outputs> OutputsAsync(WorkerClient worker, Request.Prepare? prepare = null)
    {
        if (prepare is not null)
        {
            await worker.AskAsync<Reply.Prepared>(prepare);
        }

        return await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"));
    }

    /// <summary>Null where the worker says that it cannot run this.</summary>
    private static async Task<Reply.Outputs?> TryOutputsAsync(WorkerClient worker, Request.Prepare prepare)
    {
        await worker.SendAsync(prepare);
        var reply = await worker.ReceiveAsync();
        if (reply is Reply.Trouble trouble)
        {
            trouble.Kind.ShouldBe("unsupported", trouble.Message);
            return null;
        }

        reply.ShouldBeOfType<Reply.Prepared>();
        var outputs = await worker.AskAsync<Reply.Outputs>(new Request.Output(prepare.Cell));
        await worker.AskAsync<Reply.Released>(new Request.Release(prepare.Cell));
        return outputs;
    }

    private static void ShouldAgree(Reply.Outputs a, Reply.Outputs b, string? where = null)
    {
        a.Shapes.ShouldBe(b.Shapes);
        foreach (var (left, right) in a.Base64.Zip(b.Base64))
        {
            var (u, v) = (Floats(left), Floats(right));
            u.Length.ShouldBe(v.Length);
            u.Zip(v, (x, y) => Math.Abs(x - y)).Max().ShouldBeLessThanOrEqualTo(1e-5f * v.Max(Math.Abs), where);
        }
    }

    private static float[] Floats(string base64) =>
        MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(base64)).ToArray();

    private static async Task<(BackendInfo Sharp, BackendInfo Python)> DescribeBothAsync() =>
        (
            await WorkerDescription.ReadAsync(TorchSharpWorker.ProgramOrSkip()),
            await WorkerDescription.ReadAsync(PyTorchWorker.PythonOrSkip(), PyTorchWorker.Script)
        );

    private static List<(T First, T Second)> Common<T>(
        IEnumerable<T> first,
        IEnumerable<T> second,
        Func<T, string> name
    )
    {
        List<(T First, T Second)> common = [.. first.Join(second, name, name, (a, b) => (a, b))];
        common.ShouldNotBeEmpty();
        return common;
    }

    /// <summary>A line for every fact that must be the same; wording may differ, and so may spaces in expressions.</summary>
    private static IEnumerable<string> Lines(VariantInfo v) =>
        v
            .Axes.Select(a => $"{v.Name} axis {Axis(a)}")
            .Concat(v.Constraints.Select(c => $"{v.Name} constraint {c.Expression}"))
            .Concat(v.EqualTo.Select(e => $"{v.Name} equal to {e}"))
            .Select(line => line.Replace(" ", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string Axis(AxisInfo a) =>
        FormattableString.Invariant(
            $"{a.Name} {a.Kind} default {a.Default} from {a.Minimum} to {a.Maximum} of {string.Join('|', a.Values ?? [])}"
        );

    /// <summary>Those that the outputs are compared at, and a larger one.</summary>
    private static IEnumerable<IReadOnlyDictionary<string, AxisValue>> Points(VariantInfo variant) =>
        CataloguePoints
            .Of(variant, new("", "", [], "1", "1"))
            .Append(
                CataloguePoints.At(
                    variant.Axes,
                    new(StringComparer.Ordinal)
                    {
                        ["batch"] = AxisValue.Of(5),
                        ["seq_len"] = AxisValue.Of(48),
                        ["d_model"] = AxisValue.Of(192),
                    }
                )
            );

    private static double Number(string expression, IReadOnlyDictionary<string, AxisValue> point) =>
        Expression.Parse(expression).Number(name => point[name]);
}
