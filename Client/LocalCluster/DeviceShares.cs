using System.Globalization;
using Layerbench.Core;
using Layerbench.Engine.Devices;

namespace Layerbench.LocalCluster;

/// <summary>Which silo gets which of the machine's devices, so that none is measured on by two at once.</summary>
/// <param name="Patterns">A silo each, as its setting <c>Devices</c> wants them; <c>none</c>: it coordinates and runs nothing.</param>
/// <param name="Note">What the user should know of it; null: nothing.</param>
internal sealed record DeviceShares(IReadOnlyList<IReadOnlyList<string>> Patterns, string? Note)
{
    /// <summary>The pattern of a silo that has no device.</summary>
    public const string None = "none";

    public static DeviceShares Simulated(int silos, int each) =>
        new([.. Enumerable.Repeat<IReadOnlyList<string>>([Text($"simulated:{each}")], silos)], Note: null);

    /// <summary>CPUs in runs of neighbours, which share caches with each other rather than with another silo's; GPUs in turn.</summary>
    public static DeviceShares Of(IReadOnlyList<DeviceInfo> machine, int silos)
    {
        var cpus = machine.First(d => d.Kind == "cpu").Cpus;
        var gpus = machine.Where(d => d.Kind == "cuda").ToList();
        var shares = Enumerable.Range(0, silos).Select(_ => new List<string>()).ToList();
        var sets = Math.Min(silos, cpus.Count);
        for (var i = 0; i < sets; i++)
        {
            var from = cpus.Count * i / sets;
            var to = cpus.Count * (i + 1) / sets;
            shares[i].Add($"cpu:{CpuList.Format(cpus.Take(to).Skip(from))}");
        }

        for (var i = 0; i < gpus.Count; i++)
        {
            shares[i % silos].Add(gpus[i].Id.Value);
        }

        var without = shares.Where(s => s.Count == 0).ToList();
        without.ForEach(s => s.Add(None));
        return new([.. shares], NoteOn(cpus.Count, silos, without.Count));
    }

    private static string? NoteOn(int cpus, int silos, int without)
    {
        var notes = new List<string>();
        if (without > 0)
        {
            notes.Add(
                Text(
                    $"{silos} silos on {cpus} CPUs: {without} of them without a device, to coordinate and to take over"
                )
            );
        }

        if (Math.Min(cpus, silos) > 1)
        {
            notes.Add("CPU sets of one machine share its caches and memory bandwidth: their results say 'shared'");
        }

        return notes.Count == 0 ? null : string.Join("; ", notes);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
