using System.Net;
using Layerbench.Cli.Remote;
using Layerbench.Core;

namespace Layerbench.Web.Tests;

public sealed class EventTests
{
    private static readonly DateTimeOffset at = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly EngineEvent.SweepEnded end = new(
        at,
        RunEnd.Finished,
        new Dictionary<string, long>(),
        TimeSpan.FromSeconds(1)
    );

    [Fact]
    public async Task EventsComeInOrderWithTheirIdsAndEndWithTheSweep()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var id = (await server.SubmitAsync(Texts.Sweep(1))).Id;
        server.Engine[id].Tell(Leased(1));
        server.Engine[id].Tell(end);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sweeps/{id}/events");
        request.Headers.Add("Last-Event-ID", "1:0");

        using var response = await client.SendAsync(request);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        lines[0].ShouldBe("event: slice_leased");
        lines[1]
            .ShouldStartWith(
                """data: {"case":"slice_leased","device":"a/cuda:0","cells":1,"attempt":1,"at":"2026-11-22"""
            );
        lines[2].ShouldBe("id: 1:1");
        lines[4].ShouldBe("event: sweep_ended");
        lines[6].ShouldBe("id: 1:2");
    }

    [Fact]
    public async Task AnIdThatIsNoneIsRefused()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var id = (await server.SubmitAsync(Texts.Sweep(1))).Id;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sweeps/{id}/events");
        request.Headers.Add("Last-Event-ID", "yesterday");

        using var response = await client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TestServer.DetailAsync(response)).ShouldStartWith("Last-Event-ID: 'yesterday' is no event's id");
    }

    [Fact]
    public async Task AFollowerThatIsCutOffGoesOnWithoutLossAndWithoutRepetition()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(1))).Id;
        var sweep = server.Engine[id];
        var seen = new Seen();
        using var remote = new RemoteServer(new Uri(server.Address), token: null, TimeProvider.System);
        var following = remote.Events(id).FollowAsync(seen.Add, seen.Say, TestContext.Current.CancellationToken);
        for (var cells = 1; cells <= 3; cells++)
        {
            sweep.Tell(Leased(cells));
        }

        await seen.UntilAsync(cells: 3);
        await server.RestartAsync(() =>
        {
            sweep.Tell(Leased(4));
            sweep.Tell(Leased(5));
            return Task.CompletedTask;
        });
        await seen.UntilAsync(cells: 5);
        sweep.Tell(end);

        (await following).End.ShouldBe(RunEnd.Finished);
        seen.Cells.ShouldBe([1, 2, 3, 4, 5]);
        seen.Snapshots.ShouldBe(0, "the first connection came before the first event, and the second knew the last");
        seen.Said.ShouldBe([
            $"{server.Address}: the connection is lost, and tried again; the sweep goes on meanwhile",
            $"{server.Address}: connected again",
        ]);
    }

    [Fact]
    public async Task AFollowerWhoseLastEventIsForgottenGetsASnapshotFirst()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(1))).Id;
        var sweep = server.Engine[id];
        var seen = new Seen();
        using var remote = new RemoteServer(new Uri(server.Address), token: null, TimeProvider.System);
        var following = remote.Events(id).FollowAsync(seen.Add, seen.Say, TestContext.Current.CancellationToken);
        sweep.Tell(Leased(1));
        await seen.UntilAsync(cells: 1);

        sweep.ForgetEvents(epoch: 2);
        await Wait.UntilAsync(() => Task.FromResult(seen.Snapshots > 0));
        sweep.Tell(Leased(2));
        sweep.Tell(end);

        await following;
        seen.Cells.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task AServerThatStaysAwayIsGivenUpInWords()
    {
        var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(1))).Id;
        var address = server.Address;
        await server.DisposeAsync();
        using var remote = new RemoteServer(new Uri(address), token: null, TimeProvider.System);
        var events = new RemoteEvents(remote, id) { Patience = TimeSpan.Zero };

        var given = await Should.ThrowAsync<BadInputException>(() =>
            events.FollowAsync(_ => { }, _ => { }, TestContext.Current.CancellationToken)
        );

        given.Message.ShouldStartWith($"{address}: no answer (Connection refused");
    }

    private static EngineEvent.SliceLeased Leased(int cells) => new(at, new DeviceId("a/cuda:0"), cells, Attempt: 1);

    /// <summary>What a follower has been told.</summary>
    private sealed class Seen
    {
        private readonly Lock gate = new();
        private readonly List<EngineEvent> events = [];
        private readonly List<string> said = [];

        public IReadOnlyList<int> Cells
        {
            get
            {
                lock (gate)
                {
                    return [.. events.OfType<EngineEvent.SliceLeased>().Select(e => e.Cells)];
                }
            }
        }

        public int Snapshots
        {
            get
            {
                lock (gate)
                {
                    return events.OfType<EngineEvent.SweepStarted>().Count();
                }
            }
        }

        public IReadOnlyList<string> Said
        {
            get
            {
                lock (gate)
                {
                    return [.. said];
                }
            }
        }

        public void Add(EngineEvent e)
        {
            lock (gate)
            {
                events.Add(e);
            }
        }

        public void Say(string line)
        {
            lock (gate)
            {
                said.Add(line);
            }
        }

        public Task UntilAsync(int cells) => Wait.UntilAsync(() => Task.FromResult(Cells.Count == cells));
    }
}
