using System.ComponentModel;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Protocol;
using Layerbench.Web.Access;
using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Layerbench.Web.Sweeps;

/// <summary>
/// A sweep's events as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): a client that
/// comes back with <c>Last-Event-ID</c> misses nothing, or gets a snapshot first where that is not remembered any more.
/// </summary>
internal static class EventRoutes
{
    private const string LastEventId = "Last-Event-ID";

    public static void MapEvents(this RouteGroupBuilder api) =>
        api.MapGet("/sweeps/{id}/events", EventsAsync)
            .RequireAuthorization(Roles.View)
            .WithTags("Sweeps")
            .WithSummary("What happens, as server-sent events, until the sweep has ended; resumable by Last-Event-ID.")
            .Produces<EngineEvent>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> EventsAsync(
        string id,
        [FromHeader(Name = LastEventId)]
        [Description("The id of the last event that was seen; what came after it is sent.")]
            string? seen,
        ISweepEngine engine,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        CancellationToken cancellation
    )
    {
        EventId? after = null;
        if (seen is { Length: > 0 })
        {
            if (!EventId.TryParse(seen, out var parsed))
            {
                return Problem.Of(
                    StatusCodes.Status400BadRequest,
                    $"{LastEventId}: '{seen}' is no event's id; give the last one seen, e.g. 1:42, or leave it out"
                );
            }

            after = parsed;
        }

        var sweep = new SweepId(id);
        return await engine.StatusAsync(sweep, cancellation) switch
        {
            null => Problem.UnknownSweep(id),
            { Stage: SweepStage.Unreadable, Reason: var reason } => Problem.Of(
                StatusCodes.Status409Conflict,
                $"'{id}': {reason}"
            ),
            _ => TypedResults.ServerSentEvents(
                Items(engine.EventsAsync(sweep, after, cancellation), time, lifetime.ApplicationStopping, cancellation)
            ),
        };
    }

    private static async IAsyncEnumerable<SseItem<string>> Items(
        IAsyncEnumerable<SweepEvent> events,
        TimeProvider time,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        var source = events.GetAsyncEnumerator(ending.Token);
        var next = Task.FromResult(true);
        try
        {
            while (true)
            {
                next = source.MoveNextAsync().AsTask();
                while (!await IsDueAsync(next, time, ending.Token))
                {
                    yield return new SseItem<string>("{}", SweepEvent.Alive);
                }

                // A server that stops ends the stream, and does not wait for whoever listens.
                if (ending.IsCancellationRequested || !await next)
                {
                    yield break;
                }

                yield return Item(source.Current);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await source.DisposeAsync();
        }
    }

    /// <summary>False: it is time to say that the connection is alive.</summary>
    private static async Task<bool> IsDueAsync(Task next, TimeProvider time, CancellationToken ending)
    {
        if (!next.IsCompleted && !ending.IsCancellationRequested)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ending);
            await Task.WhenAny(next, Task.Delay(SweepEvent.AliveEvery, time, over.Token));
            await over.CancelAsync();
        }

        return next.IsCompleted || ending.IsCancellationRequested;
    }

    /// <summary>The event's case is its type, and all of it is the data.</summary>
    private static SseItem<string> Item(SweepEvent e) =>
        new(
            JsonSerializer.Serialize(e.Event, CoreJson.Options),
            JsonNamingPolicy.SnakeCaseLower.ConvertName(e.Event.GetType().Name)
        )
        {
            EventId = e.Id.ToString(),
        };
}
