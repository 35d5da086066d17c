using System.Text.Json;
using Layerbench.Core.Protocol;

namespace Layerbench.Silo.Journals;

/// <summary>A line of a node's journal: what it was given to run, or what became of it.</summary>
/// <param name="At">By the node's clock.</param>
/// <param name="Token">The slice's lease.</param>
/// <param name="Device"><c>node/device</c>.</param>
/// <param name="Cells">Plan indices: of a slice that begins, all; of one that ended, those that ended in it.</param>
public sealed record JournalLine(
    DateTimeOffset At,
    JournalEvent Event,
    string Sweep,
    string Token,
    string Device,
    int Attempt,
    IReadOnlyList<long> Cells
)
{
    public static JournalLine Parse(string text) => JsonSerializer.Deserialize<JournalLine>(text, CoreJson.Options)!;

    public string ToJson() => JsonSerializer.Serialize(this, CoreJson.Options);
}

public enum JournalEvent
{
    /// <summary>The slice is leased to the device, and begins.</summary>
    Begun,

    /// <summary>The runner has come to its end; what it brought is in the store.</summary>
    Ended,

    /// <summary>The runner was killed or failed: what was in flight is lost.</summary>
    Lost,
}
