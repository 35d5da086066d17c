using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Sweeps;

/// <summary>On what terms a sweep shares a cluster, as its file says; what is said where it is submitted goes before it.</summary>
public sealed record ClusterSpec
{
    /// <summary>Sweeps of higher priority get devices first, up to 1000 either way; null: 0.</summary>
    public int? Priority { get; init; }

    /// <summary>Most devices that work for it at once, at least 1; null: as many as it gets.</summary>
    public int? MaximumDevices { get; init; }

    /// <summary>Which devices it is measured on, beside <see cref="SweepSpec.Devices"/>; null: any.</summary>
    public DeviceSelector? Needs { get; init; }

    /// <summary>After how many failed cells it stops; null: it goes on whatever fails.</summary>
    public FailureBudget? Failures { get; init; }
}
