using System.Runtime.InteropServices;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.PyTorch;

/// <summary>What both workers must draw and compute from a seed.</summary>
public sealed class SharedNumbersTests
{
    private const ulong Seed = 0x0123456789abcdef;

    [Fact]
    public void TheGeneratorsFirstNumbersArePinned()
    {
        SharedNumbers.Crc32("123456789").ShouldBe(0xcbf43926u); // the check value of CRC-32
        SharedNumbers.InverseNormal(0.975).ShouldBe(1.959963984540054, 1e-15);
        SharedNumbers.InverseNormal(1e-10).ShouldBe(-6.361340902404056, 1e-12);
        SharedNumbers.Normals("x", Seed, 4).ShouldBe(PinnedX, 1e-12);
        SharedNumbers.Uniform("x", Seed, 5_000_000_000).ShouldBe(PinnedFarUniform, 1e-15);
    }

    [Fact]
    public async Task OutputsOfDenseEqualTheFormulaOverIndependentlyDrawnNumbers()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense", "ffn.conv1d"], seed: Seed));

        var outputs = await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"));

        var expected = Dense(tokens: 4 * 8, d: 16, h: 48);
        var largest = expected.Max(Math.Abs);
        foreach (var text in outputs.Base64)
        {
            var values = MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(text)).ToArray();
            values.Length.ShouldBe(expected.Length);
            values.Zip(expected, (v, e) => Math.Abs(v - e) / largest).Max().ShouldBeLessThan(1e-5);
        }
    }

    [Fact]
    public async Task TheGeneratorInThe64BitTensorsOfTheWorkerEqualsTheScalarOneBeyondTheFirst2To32Elements()
    {
        const string Program = """
            import sys; sys.path.insert(0, sys.argv[1])
            import torch, generator
            i = torch.tensor([0, 1, 70000, 5000000000], dtype=torch.int64)
            u = generator.uniform_at(i, generator.key_of("x", int(sys.argv[2])))
            print(*u.tolist())
            """;
        var text = await PyTorchWorker.RunAsync([
            "-c",
            Program,
            Path.GetDirectoryName(PyTorchWorker.Script)!,
            $"{Seed}",
        ]);

        text.Split(' ', StringSplitOptions.TrimEntries)
            .Select(double.Parse)
            .ShouldBe(new ulong[] { 0, 1, 70000, 5_000_000_000 }.Select(i => SharedNumbers.Uniform("x", Seed, i)));
    }

    /// <summary>max(0, x W1 + b1) W2 + b2 by three loops in float64.</summary>
    private static double[] Dense(int tokens, int d, int h)
    {
        var x = SharedNumbers.Normals("x", Seed, tokens * d);
        var w1 = SharedNumbers.Normals("w1", Seed, d * h, 1 / Math.Sqrt(d));
        var b1 = SharedNumbers.Normals("b1", Seed, h, 0.01);
        var w2 = SharedNumbers.Normals("w2", Seed, h * d, 1 / Math.Sqrt(h));
        var b2 = SharedNumbers.Normals("b2", Seed, d, 0.01);
        var y = new double[tokens * d];
        for (var t = 0; t < tokens; t++)
        {
            b2.CopyTo(y, t * d);
            for (var j = 0; j < h; j++)
            {
                var hidden = b1[j];
                for (var c = 0; c < d; c++)
                {
                    hidden += x[t * d + c] * w1[c * h + j];
                }

                for (var c = 0; c < d && hidden > 0; c++)
                {
                    y[t * d + c] += hidden * w2[j * d + c];
                }
            }
        }

        return y;
    }

    private static readonly double[] PinnedX =
    [
        -0.20094168446204394,
        -1.8597062334310002,
        -0.12481602841782478,
        1.1449528327083813,
    ];
    private const double PinnedFarUniform = 0.12198424490634352;
}
