using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Layerbench.Core.Engines;

/// <summary>Names an event of a sweep: <c>epoch:sequence</c>.</summary>
/// <param name="Epoch">Of whoever coordinates the sweep; another one has another, and numbers anew.</param>
/// <param name="Sequence">From 1, without gaps.</param>
public readonly record struct EventId(long Epoch, long Sequence)
{
    public static bool TryParse([NotNullWhen(true)] string? text, out EventId id)
    {
        id = default;
        if (text?.Split(':') is not [var epoch, var sequence])
        {
            return false;
        }

        var ok = long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e);
        ok &= long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var s);
        id = new EventId(e, s);
        return ok;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}:{Sequence}");
}

/// <summary>
/// An event that can be resumed after. One that is <see cref="EngineEvent.SweepStarted"/> is a snapshot: whoever sees it
/// begins anew with it, and has missed nothing that the sweep's progress does not tell.
/// </summary>
public sealed record SweepEvent(EventId Id, EngineEvent Event)
{
    /// <summary>
    /// Type of what a server sends where nothing happens, so that both ends notice a connection that is gone; it is no
    /// event, and has no id.
    /// </summary>
    public const string Alive = "alive";

    /// <summary>How often it is sent.</summary>
    public static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(10);
}

/// <param name="Ended">The sweep has ended, and this is all; it may begin again by a command.</param>
public sealed record EventPage(IReadOnlyList<SweepEvent> Events, bool Ended);
