using System.Runtime.InteropServices;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Tests.PyTorch;

namespace Layerbench.Worker.Tests.TorchSharp;

/// <summary>What the worker draws and computes from a seed, against scalar arithmetic written from docs/protocol.md alone.</summary>
public sealed class NumbersTests
{
    private const int Tokens = 4 * 8;
    private const int Model = 16;
    private const int Hidden = 48;

    [Theory]
    [InlineData(1ul)]
    [InlineData(0x0123456789abcdeful)]
    [InlineData(ulong.MaxValue)]
    public async Task OutputsEqualTheFormulasOverIndependentlyDrawnNumbers(ulong seed)
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(TorchSharpWorker.Layers, seed: seed));

        var outputs = await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"));

        var x = SharedNumbers.Normals("x", seed, Tokens * Model);
        var network = Network(x, seed, "");
        var residual = Sum(x, Network(x, seed, "_0"));
        residual = Sum(residual, Network(residual, seed, "_1"));
        double[][] expected = [network, network, Normalised(Sum(x, network), seed), residual];
        foreach (var (text, values) in outputs.Base64.Zip(expected))
        {
            ShouldEqual(MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(text)).ToArray(), values);
        }
    }

    [Fact]
    public async Task NumbersDoNotDependOnHowManyAreDrawnAtOnce()
    {
        // 2^18 elements of x: more than the worker draws at once.
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        var parameters = Requests.Small(batch: 1, seqLen: 1 << 18, dModel: 1, dFf: 1);
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"], parameters: parameters));

        var outputs = await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"));

        var values = MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(outputs.Base64.Single())).ToArray();
        var x = SharedNumbers.Normals("x", 1, 1 << 18);
        double One(string name, double deviation) => SharedNumbers.Normals(name, 1, 1, deviation)[0];
        var (w1, b1, w2, b2) = (One("w1", 1), One("b1", 0.01), One("w2", 1), One("b2", 0.01));
        ShouldEqual(values, [.. x.Select(v => (Math.Max(0, (v * w1) + b1) * w2) + b2)]);
    }

    private static void ShouldEqual(float[] values, double[] expected)
    {
        values.Length.ShouldBe(expected.Length);
        var largest = expected.Max(Math.Abs);
        values.Zip(expected, (v, e) => Math.Abs(v - e) / largest).Max().ShouldBeLessThan(1e-5);
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (u, v) => u + v)];

    /// <summary>max(0, x W1 + b1) W2 + b2 by three loops in float64.</summary>
    private static double[] Network(double[] x, ulong seed, string suffix)
    {
        var w1 = SharedNumbers.Normals("w1" + suffix, seed, Model * Hidden, 1 / Math.Sqrt(Model));
        var b1 = SharedNumbers.Normals("b1" + suffix, seed, Hidden, 0.01);
        var w2 = SharedNumbers.Normals("w2" + suffix, seed, Hidden * Model, 1 / Math.Sqrt(Hidden));
        var b2 = SharedNumbers.Normals("b2" + suffix, seed, Model, 0.01);
        var y = new double[x.Length];
        for (var t = 0; t < x.Length / Model; t++)
        {
            b2.CopyTo(y, t * Model);
            for (var j = 0; j < Hidden; j++)
            {
                var hidden = b1[j];
                for (var c = 0; c < Model; c++)
                {
                    hidden += x[(t * Model) + c] * w1[(c * Hidden) + j];
                }

                for (var c = 0; c < Model && hidden > 0; c++)
                {
                    y[(t * Model) + c] += hidden * w2[(j * Model) + c];
                }
            }
        }

        return y;
    }

    /// <summary>LayerNorm of every token, eps 1e-6.</summary>
    private static double[] Normalised(double[] sum, ulong seed)
    {
        var scale = SharedNumbers.Normals("ln_scale", seed, Model, 0.1, mean: 1);
        var shift = SharedNumbers.Normals("ln_shift", seed, Model, 0.01);
        return
        [
            .. sum.Chunk(Model)
                .SelectMany(token =>
                {
                    var mean = token.Average();
                    var variance = token.Average(v => (v - mean) * (v - mean));
                    return token.Select((v, c) => ((v - mean) / Math.Sqrt(variance + 1e-6) * scale[c]) + shift[c]);
                }),
        ];
    }
}
