using System.Globalization;
using Layerbench.Core;

namespace Layerbench.Engine.Output;

/// <summary>What a folder's lock says of a run that has not come to its end.</summary>
/// <param name="Cells">Of the sweep; null where they were too many to be counted.</param>
/// <param name="IsGoingOn">False: its process was stopped or killed.</param>
public sealed record RunInFolder(SweepId Sweep, long? Cells, bool IsGoingOn)
{
    /// <summary>Its process, where that goes on on this machine; null: it does not.</summary>
    public int? ProcessId { get; init; }

    internal string Text => string.Create(CultureInfo.InvariantCulture, $"sweep {Sweep}\ncells {Cells}\n");

    /// <summary>Null where the text says nothing of a run.</summary>
    internal static RunInFolder? Read(string text, bool isHeld)
    {
        var lines = text.Split('\n');
        return After(lines, "sweep ") is { } sweep
            ? new RunInFolder(
                new SweepId(sweep),
                long.TryParse(After(lines, "cells "), CultureInfo.InvariantCulture, out var cells) ? cells : null,
                isHeld
            )
            {
                ProcessId =
                    isHeld
                    && After(lines, "host ") == Environment.MachineName
                    && int.TryParse(After(lines, "pid "), CultureInfo.InvariantCulture, out var process)
                        ? process
                        : null,
            }
            : null;
    }

    private static string? After(string[] lines, string key) =>
        Array.Find(lines, l => l.StartsWith(key, StringComparison.Ordinal))?[key.Length..];
}
