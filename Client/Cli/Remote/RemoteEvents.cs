using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Cli.Remote;

/// <summary>
/// A sweep's events, followed over lost connections: the server is asked for what came after the last one seen, and sends
/// that, or a snapshot.
/// </summary>
internal sealed class RemoteEvents(RemoteServer server, SweepId sweep)
{
    private const string LastEventId = "Last-Event-ID";

    private static readonly TimeSpan silence = 3.5 * SweepEvent.AliveEvery;

    private static readonly TimeSpan shortestPause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan longestPause = TimeSpan.FromSeconds(5);

    private string? lastSeen;
    private EngineEvent.SweepEnded? end;
    private bool heard;

    /// <summary>How long the server may be away.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <param name="see">Is told every event.</param>
    /// <param name="say">Is told when the connection is lost and found again.</param>
    /// <exception cref="BadInputException">The server refuses, e.g. because there is no such sweep; or it stays away.</exception>
    public async Task<EngineEvent.SweepEnded> FollowAsync(
        Action<EngineEvent> see,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var pause = shortestPause;
        var lostAt = server.Time.GetTimestamp();
        var told = false;
        while (true)
        {
            heard = false;
            Exception? why = null;
            try
            {
                await ReadAsync(
                    e =>
                    {
                        if (told)
                        {
                            told = false;
                            say($"{server.Address}: connected again");
                        }

                        see(e);
                    },
                    cancellation
                );
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                why = e;
            }

            if (end is not null)
            {
                return end;
            }

            if (heard)
            {
                (lostAt, pause) = (server.Time.GetTimestamp(), shortestPause);
            }

            if (ServerTrust.IsLasting(why) || server.Time.GetElapsedTime(lostAt) > Patience)
            {
                throw server.Unreachable(why);
            }

            if (!told)
            {
                told = true;
                say($"{server.Address}: the connection is lost, and tried again; the sweep goes on meanwhile");
            }

            await Task.Delay(pause, server.Time, cancellation);
            pause = pause * 2 < longestPause ? pause * 2 : longestPause;
        }
    }

    /// <summary>Reads one connection to its end.</summary>
    private async Task ReadAsync(Action<EngineEvent> see, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"sweeps/{RemoteServer.Escaped(sweep)}/events");
        if (lastSeen is not null)
        {
            request.Headers.Add(LastEventId, lastSeen);
        }

        using var response = await server
            .SendOnceAsync(request, cancellation)
            .WaitAsync(silence, server.Time, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw response.StatusCode >= HttpStatusCode.InternalServerError
                ? new HttpRequestException(response.ReasonPhrase)
                : await ServerProblem.ReadAsync(response, sweepFile: null, cancellation);
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var parser = SseParser.Create(body, (_, data) => JsonSerializer.Deserialize<JsonElement>(data));
        using var quiet = new CancellationTokenSource(silence, server.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, quiet.Token);
        await using var items = parser.EnumerateAsync(either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync(items, quiet, cancellation))
        {
            quiet.CancelAfter(silence);
            heard = true;
            if (items.Current.EventType == SweepEvent.Alive)
            {
                continue;
            }

            var e = items.Current.Data.Deserialize<EngineEvent>(CoreJson.Options)!;
            see(e);
            lastSeen = parser.LastEventId;
            end = e as EngineEvent.SweepEnded;
        }
    }

    private static async Task<bool> NextAsync<T>(
        IAsyncEnumerator<T> items,
        CancellationTokenSource quiet,
        CancellationToken cancellation
    )
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (OperationCanceledException e)
            when (quiet.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("nothing was heard for too long", e);
        }
    }
}
