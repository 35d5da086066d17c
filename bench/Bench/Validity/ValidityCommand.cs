using System.Diagnostics;
using System.Globalization;

namespace Layerbench.Bench.Validity;

/// <summary>Whether what layerbench says can be believed, on this machine, now: launches, judges and prints.</summary>
internal static class ValidityCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["--help"])
        {
            Console.WriteLine(ValidityOptions.Usage);
            return 0;
        }

        if (ValidityOptions.Read(arguments, out var problem) is not { } options)
        {
            Console.Error.WriteLine($"{problem}\n\n{ValidityOptions.Usage}");
            return 2;
        }

        try
        {
            Machine.Print();
            var watch = Stopwatch.StartNew();
            var launches = options.Replay.Count > 0 ? LaunchFile.Read(options.Replay) : await GatherAsync(options);
            Machine.Line(
                options.Replay.Count == 0 ? "wall time of the launches" : "replayed, nothing measured",
                string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalMinutes:N1} min")
            );
            ValidityReport.Print(launches);
            return 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or InvalidOperationException)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return 2;
        }
    }

    private static async Task<IReadOnlyList<RawLaunch>> GatherAsync(ValidityOptions options)
    {
        var (writer, there) = options.Save is { } path
            ? LaunchFile.Open(path, options.Backend, options.Hog)
            : (null, []);
        await using var file = writer;
        List<RawLaunch> launches = [.. there];
        await new Gathering(options).RunAsync(
            there.Select(l => l.Key).ToHashSet(),
            launch =>
            {
                launches.Add(launch);
                file?.WriteLine(launch.ToLine());
            }
        );
        return launches;
    }
}
