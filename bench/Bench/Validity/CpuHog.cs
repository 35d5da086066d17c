using System.Diagnostics;
using System.Globalization;
using Layerbench.Core;

namespace Layerbench.Bench.Validity;

/// <summary>A child process that burns one CPU in random intervals; it ends with whoever started it.</summary>
internal sealed class CpuHog : IDisposable
{
    private const double LongestSeconds = 1;

    private readonly Process process;

    public CpuHog(ulong seed)
    {
        var own = Environment.ProcessPath!;
        var arguments = new List<string> { "hog", seed.ToString(CultureInfo.InvariantCulture) };
        if (Path.GetFileNameWithoutExtension(own) == "dotnet")
        {
            arguments.Insert(0, Environment.GetCommandLineArgs()[0]);
        }

        process = Process.Start(
            new ProcessStartInfo(own, arguments) { RedirectStandardInput = true, UseShellExecute = false }
        )!;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>What the child does: half of the time nothing, half of the time everything, in turns of up to a second.</summary>
    public static int Burn(string seed)
    {
        if (!ulong.TryParse(seed, CultureInfo.InvariantCulture, out var number))
        {
            Console.Error.WriteLine($"hog: '{seed}' is no seed; give a whole number");
            return 2;
        }

        var parent = new Thread(static () =>
        {
            Console.In.ReadToEnd();
            Environment.Exit(0);
        })
        {
            IsBackground = true,
        };
        parent.Start();
        var random = new SeededRandom(number);
        while (true)
        {
            var until = Stopwatch.GetTimestamp() + (long)(random.NextDouble() * LongestSeconds * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < until)
            {
                Thread.SpinWait(100);
            }

            Thread.Sleep(TimeSpan.FromSeconds(random.NextDouble() * LongestSeconds));
        }
    }
}
