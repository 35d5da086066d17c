using System.Globalization;

namespace Layerbench.Engine.Devices;

/// <summary>Who has a device.</summary>
/// <param name="Text"><c>process 4711 (layerbench run a.yaml) since 2026-11-22 12:00:00Z</c>, as its holder wrote it.</param>
public sealed record DeviceHolder(string Text)
{
    /// <summary>Null where the text names none.</summary>
    public int? ProcessId =>
        Text.Split(' ') is ["process", var id, ..] && int.TryParse(id, CultureInfo.InvariantCulture, out var process)
            ? process
            : null;
}
