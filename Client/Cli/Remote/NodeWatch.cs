using Layerbench.Cli.Views;

namespace Layerbench.Cli.Remote;

/// <summary>Says, while a sweep is watched, which nodes of the cluster are lost and which come back: no event does.</summary>
/// <param name="say">Is told each line.</param>
internal sealed class NodeWatch(RemoteServer server, Action<string> say)
{
    private readonly HashSet<string> lost = new(StringComparer.Ordinal);

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Until it is cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(Every, server.Time, cancellation);
            await LookAsync(cancellation);
        }
    }

    /// <summary>Nothing is said of a server that does not answer: whoever follows the events says that.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        IReadOnlyList<FleetNode> nodes;
        try
        {
            nodes = await server.NodesAsync(cancellation);
        }
        catch (BadInputException)
        {
            return;
        }

        foreach (var node in nodes.Where(n => n.LostSince is not null && lost.Add(n.Name)))
        {
            say(NodeText.Lost(node));
        }

        foreach (var node in nodes.Where(n => n.LostSince is null && lost.Remove(n.Name)))
        {
            say(NodeText.Back(node.Name));
        }
    }
}
