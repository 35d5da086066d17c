namespace Layerbench.Harness;

/// <summary>What cluster to start.</summary>
public sealed record HarnessOptions
{
    public int Silos { get; init; } = 3;

    /// <summary>Simulated devices of each silo; null: the machine's own, shared out.</summary>
    public int? Devices { get; init; } = 4;

    /// <summary>How long a simulated device takes for a cell, or for the median one.</summary>
    public TimeSpan Cell { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether every silo keeps a journal of what it runs.</summary>
    public bool Journals { get; init; } = true;

    /// <summary>Namespaces for the silos; null: all on loopback.</summary>
    public SiloNamespaces? Networks { get; init; }

    /// <summary>More settings of the silos, by key below <c>Layerbench</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}
