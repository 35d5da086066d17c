using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Tests.PyTorch;

namespace Layerbench.Worker.Tests.TorchSharp;

/// <summary>The two real workers are one product: the same catalogue, and the same numbers from the same seed.</summary>
public sealed class BothWorkersTests
{
    [Theory]
    [InlineData("forward")]
    [InlineData("training_step")]
    [InlineData("seed_epoch")]
    public async Task TheSameSeedGivesTheSameOutputsBeforeAndAfterTraining(string pass)
    {
        await using var sharp = await TorchSharpWorker.StartAndGreetAsync();
        await using var python = await PyTorchWorker.StartAndGreetAsync();
        var prepare = TorchSharpWorker.Prepare(TorchSharpWorker.Layers, pass, seed: 0xfedcba9876543210);
        // One warm-up block and three of one iteration each: in an epoch's case four epochs of three batches.
        var blocks = Enumerable.Repeat<IReadOnlyList<int>>([0, 1, 2, 3], 3);
        var measure = TorchSharpWorker.Measure([.. blocks], 1, 0, 0);

        var before = await Task.WhenAll(OutputsAsync(sharp, prepare), OutputsAsync(python, prepare));
        ShouldAgree(before[0], before[1]);
        await Task.WhenAll(sharp.MeasureAsync(measure), python.MeasureAsync(measure));
        var after = await Task.WhenAll(OutputsAsync(sharp), OutputsAsync(python));

        ShouldAgree(after[0], after[1]);
        (before[0].Base64[0] == after[0].Base64[0]).ShouldBe(pass == "forward");
    }

    [Fact]
    public async Task TheyDescribeTheSameVariantsPassesAndDtypes()
    {
        var sharp = await DescribeAsync(TorchSharpWorker.ProgramOrSkip());
        var python = await DescribeAsync(PyTorchWorker.PythonOrSkip(), PyTorchWorker.Script);

        Comparable(python).ShouldBe(Comparable(sharp));
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

    private static void ShouldAgree(Reply.Outputs a, Reply.Outputs b)
    {
        a.Shapes.ShouldBe(b.Shapes);
        foreach (var (left, right) in a.Base64.Zip(b.Base64))
        {
            var (u, v) = (Floats(left), Floats(right));
            u.Length.ShouldBe(4 * 8 * 16);
            u.Zip(v, (x, y) => Math.Abs(x - y)).Max().ShouldBeLessThanOrEqualTo(1e-5f * v.Max(Math.Abs));
        }
    }

    private static float[] Floats(string base64) =>
        MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(base64)).ToArray();

    /// <summary>A line for every fact that must be the same; wording may differ, and so may spaces in expressions.</summary>
    private static IEnumerable<string> Comparable(BackendInfo info) =>
        info
            .Variants.SelectMany(v =>
                v.Axes.Select(a => $"{v.Name} axis {Axis(a)}")
                    .Concat(v.Constraints.Select(c => $"{v.Name} constraint {c.Expression}"))
                    .Concat(v.EqualTo.Select(e => $"{v.Name} equal to {e}"))
                    .Append($"{v.Name} parameters {v.Parameters}")
                    .Append($"{v.Name} flops {v.ForwardFlops}")
                    .Append($"{v.Name} bytes {v.ForwardBytes}")
            )
            .Concat(
                info.Passes.SelectMany(p =>
                    p.Axes.Select(a => $"{p.Name} axis {Axis(a)}")
                        .Append($"{p.Name} flops {p.FlopsFactor}")
                        .Append($"{p.Name} memory {p.MemoryFactor}")
                )
            )
            .Select(line => line.Replace(" ", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static FormattableString Axis(AxisInfo a) =>
        $"{a.Name} {a.Kind} default {a.Default} from {a.Minimum} to {a.Maximum} of {string.Join('|', a.Values ?? [])}";

    private static async Task<BackendInfo> DescribeAsync(params string[] command)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Process.Start(
            new ProcessStartInfo(command[0], [.. command.Skip(1), "--describe"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return JsonSerializer.Deserialize<BackendInfo>(output, ProtocolJson.Options)!;
    }
}
