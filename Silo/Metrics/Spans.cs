using System.Diagnostics;
using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Metrics;

/// <summary>
/// The product's spans: a sweep that is submitted, the slices leased of it, their launches. One trace a submission; where
/// nobody listens none is made.
/// </summary>
public static class Spans
{
    /// <summary>Of the activity source. Its spans' names begin with <see cref="Prefix"/>.</summary>
    public const string Source = "Layerbench";
    public const string Prefix = "layerbench.";

    private static readonly ActivitySource source = new(Source);

    /// <summary>A user's sweep is taken; part of the caller's trace where the request is.</summary>
    public static Activity? Submit(string user) =>
        source.StartActivity(Prefix + "submit", ActivityKind.Server)?.SetTag("layerbench.user", user);

    /// <summary>A sweep is run on this machine.</summary>
    public static Activity? Run(SweepId sweep) =>
        source.StartActivity(Prefix + "run")?.SetTag("layerbench.sweep", sweep.Value);

    /// <summary>A slice on its device, part of the trace that its sweep was submitted in.</summary>
    public static Activity? Slice(SweepId sweep, Slice slice)
    {
        var span = ActivityContext.TryParse(slice.Trace, traceState: null, isRemote: true, out var parent)
            ? source.StartActivity(Prefix + "slice", ActivityKind.Consumer, parent)
            : source.StartActivity(Prefix + "slice");
        return span
            ?.SetTag("layerbench.sweep", sweep.Value)
            .SetTag("layerbench.device", slice.Device.Value)
            .SetTag("layerbench.cells", slice.Cells.Count)
            .SetTag("layerbench.attempt", slice.Attempt);
    }

    /// <summary>One worker process.</summary>
    public static Activity? Launch(string backend, LaunchKind kind, int number, int cells) =>
        source
            .StartActivity(Prefix + "launch")
            ?.SetTag("layerbench.backend", backend)
            .SetTag("layerbench.kind", kind.ToString().ToLower(CultureInfo.InvariantCulture))
            .SetTag("layerbench.launch", number)
            .SetTag("layerbench.cells", cells);

    /// <summary>The current span, to be handed on as W3C trace context; null where nothing is traced.</summary>
    public static string? Context =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } a ? a.Id : null;
}
