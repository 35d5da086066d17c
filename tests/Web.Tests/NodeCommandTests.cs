using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Layerbench.Cli.Remote;
using Layerbench.Tests.Shared;

namespace Layerbench.Web.Tests;

/// <summary>What the command says of nodes, and does with them.</summary>
public sealed class NodeCommandTests
{
    [Fact]
    public async Task ANodeThatIsLostIsToldOfWhereverOneLooks()
    {
        await using var server = await TestServer.StartAsync();
        var since = new DateTimeOffset(2026, 11, 22, 12, 3, 20, TimeSpan.Zero);
        server.Engine.LostSince = since;
        var clock = since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var id = (await server.SubmitAsync(Texts.Sweep(2))).Id;

        var nodes = await CommandRun.OfAsync("nodes", "--server", server.Address);
        var all = await CommandRun.OfAsync("status", "--server", server.Address);
        var one = await CommandRun.OfAsync("status", id.Value, "--server", server.Address);
        await server.Engine.RunAsync(id);
        var watched = await CommandRun.OfAsync("watch", id.Value, "--server", server.Address);

        var lost = $"node here: lost, last heard of at {clock}\n";
        nodes.Output.ShouldContain($"lost since {clock}");
        all.Output.ShouldContain(lost);
        one.Output.ShouldEndWith($"{lost}no node is there, so nothing runs until one is\n");
        watched.Error.ShouldStartWith(lost);
    }

    [Fact]
    public async Task WhoWatchesIsToldOfNodesThatGoAndComeBack()
    {
        await using var server = await TestServer.StartAsync();
        using var remote = new RemoteServer(new Uri(server.Address), token: null, TimeProvider.System);
        var said = new ConcurrentQueue<string>();
        using var over = new CancellationTokenSource();
        var watching = new NodeWatch(remote, said.Enqueue) { Every = TimeSpan.FromMilliseconds(20) }.FollowAsync(
            over.Token
        );

        server.Engine.LostSince = DateTimeOffset.UnixEpoch;
        await Wait.UntilAsync(() => Task.FromResult(said.Count == 1));
        server.Engine.IsAway = true;
        server.Engine.LostSince = null;
        server.Engine.IsAway = false;
        await Wait.UntilAsync(() => Task.FromResult(said.Count == 2));

        await over.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => watching);
        said.First().ShouldStartWith("node here: lost, last heard of at 19");
        said.Last().ShouldBe("node here: is back");
    }

    [Fact]
    public async Task NodesAreListedAndDrained()
    {
        await using var server = await TestServer.StartAsync();
        server.Engine.Users = [new("ann", 3, 0.626), new("bob", 0, 0.374)];

        var drained = await CommandRun.OfAsync("drain", "here", "--server", server.Address);
        var nodes = await CommandRun.OfAsync("nodes", "--server", server.Address);
        var undone = await CommandRun.OfAsync("drain", "here", "--undo", "--server", server.Address);
        var unknown = await CommandRun.OfAsync("drain", "there", "--server", server.Address);

        drained.Output.ShouldBe("here: gets no more work\n");
        nodes.Output.ShouldContain("draining");
        nodes.Output.ShouldContain("simulated:0");
        nodes.Output.ShouldContain("here: a note");
        var words = Regex.Replace(nodes.Output, @"\s+", " ");
        words.ShouldContain("user devices share of device time, of late");
        words.ShouldContain("ann 3 62.6% bob 0 37.4%");
        undone.Output.ShouldBe("here: works again\n");
        server.Engine.IsDraining.ShouldBeFalse();
        unknown.Error.ShouldBe("error: there is no node 'there' here now; `layerbench nodes` lists them\n");
    }
}
