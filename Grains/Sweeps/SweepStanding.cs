using System.Text.Json;
using Layerbench.Cluster;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;

namespace Layerbench.Grains.Sweeps;

/// <summary>What was asked of a sweep, and what it was planned with; the store keeps only what was measured.</summary>
[GenerateSerializer, Alias("layerbench.SweepStanding")]
internal sealed class SweepStanding
{
    [Id(0)]
    public bool Paused { get; set; }

    [Id(1)]
    public bool Cancelled { get; set; }

    [Id(2)]
    public SweepTerms Terms { get; set; } = SweepTerms.Ordinary;

    /// <summary>Why it stopped by itself, or null.</summary>
    [Id(3)]
    public string? StopReason { get; set; }

    /// <summary>Cells that had failed when it was started last: they are not the failure budget's.</summary>
    [Id(4)]
    public long FailedAtStart { get; set; }

    /// <summary>A <see cref="SweepPin"/> as JSON, so that any grain storage keeps it as it is; null before the first start.</summary>
    [Id(5)]
    public string? Pin { get; set; }

    /// <summary>When it was started last; null before the first start.</summary>
    [Id(6)]
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>W3C trace context of the submission; null: it was not traced.</summary>
    [Id(7)]
    public string? Trace { get; set; }

    public bool IsStopped => Cancelled || StopReason is not null;

    public SweepPin? PlannedWith =>
        Pin is null ? null : JsonSerializer.Deserialize<SweepPin>(Pin, ProtocolJson.Options);
}

/// <summary>
/// What a sweep was planned with, the same for all its life: another description of a worker would give other cells the
/// same numbers.
/// </summary>
/// <param name="Version">Of layerbench; empty: any.</param>
/// <param name="Workers">Of the backends that the sweep needs.</param>
internal sealed record SweepPin(string Version, IReadOnlyList<BackendInfo> Workers)
{
    public VariantCatalog Catalog => new(Workers);

    public SweepNeeds NeedsOf(PlannedSweep planned) =>
        new(Version, Workers.ToDictionary(w => w.Backend, CatalogHash.Of, StringComparer.Ordinal), planned.Devices)
        {
            PlugIns = planned.PlugIns,
        };

    public string ToJson() => JsonSerializer.Serialize(this, ProtocolJson.Options);
}
