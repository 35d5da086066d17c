// The loop that someone without a harness would write: ffn.dense forward, seconds of one iteration (median of 200 samples).
using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

torch.set_num_threads(1);
torch.manual_seed(1);
using var x = torch.randn(8, 32, 128);
using var w1 = torch.randn(512, 128) * Math.Pow(128, -0.5);
using var b1 = torch.randn(512) * 0.01;
using var w2 = torch.randn(128, 512) * Math.Pow(512, -0.5);
using var b2 = torch.randn(128) * 0.01;
using var inference = torch.inference_mode();

void Ffn()
{
    using var flat = x.view(-1, 128);
    using var hidden = F.linear(flat, w1, b1);
    using var active = F.relu(hidden);
    using var output = F.linear(active, w2, b2);
    using var y = output.view(8, 32, 128);
}

var warm = Stopwatch.StartNew();
var times = new List<double>();
while (warm.Elapsed.TotalSeconds < 0.4)
{
    var start = Stopwatch.GetTimestamp();
    Ffn();
    times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
}

times.Sort();
var iterations = Math.Max(1, (int)Math.Ceiling(1e-3 / times[times.Count / 2]));
var samples = new double[200];
for (var i = 0; i < samples.Length; i++)
{
    var start = Stopwatch.GetTimestamp();
    for (var k = 0; k < iterations; k++)
    {
        Ffn();
    }

    samples[i] = Stopwatch.GetElapsedTime(start).TotalSeconds / iterations;
}

Array.Sort(samples);
Console.WriteLine(samples[100].ToString("R", CultureInfo.InvariantCulture));
