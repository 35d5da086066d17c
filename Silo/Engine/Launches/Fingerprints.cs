using System.Globalization;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Launches;

/// <summary>Puts a launch's environment together and names it.</summary>
internal sealed class Fingerprints(HostFacts host, SliceRunnerOptions options)
{
    /// <summary>
    /// The engine chooses these, and differently for time and memory launches, which must share a fingerprint; what a
    /// worker sees of them in its own process is not taken.
    /// </summary>
    private static readonly string[] EngineOwned = ["allocator", "allocator_memory", "ld_preload", "malloc"];

    public Fingerprint Of(WorkerStart start, IWorker worker, Reply.Hello hello)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in hello.Environment ?? new Dictionary<string, string>())
        {
            if (!EngineOwned.Contains(key, StringComparer.Ordinal))
            {
                entries[key] = value;
            }
        }

        if (start.Backend != SimulatedBackend.Name)
        {
            Add(entries, host.Read(start.Device));
        }

        Add(entries, worker.Environment);
        entries["device"] = start.Device.Id.Value;
        entries["backend"] = hello.Backend;
        entries["backend_version"] = hello.Version;
        entries["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture);
        foreach (var (flag, value) in options.Flags)
        {
            entries[$"flag_{flag}"] = value ? "true" : "false";
        }

        return FingerprintHash.Named(entries);
    }

    /// <summary>What differs, in words, to say why launches were set aside.</summary>
    public static string Difference(
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> after
    ) =>
        string.Join(
            "; ",
            before
                .Keys.Union(after.Keys, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(key => (Key: key, Before: before.GetValueOrDefault(key), After: after.GetValueOrDefault(key)))
                .Where(e => !string.Equals(e.Before, e.After, StringComparison.Ordinal))
                .Select(e => $"{e.Key} was '{e.Before}' and is '{e.After}'")
        );

    private static void Add(Dictionary<string, string> entries, IReadOnlyDictionary<string, string> more)
    {
        foreach (var (key, value) in more)
        {
            entries[key] = value;
        }
    }
}
