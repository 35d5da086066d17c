using Layerbench.Cli.Sweeping;
using Layerbench.Cli.Views;
using Layerbench.Core;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Remote;

/// <summary>Shows a sweep on a server as <c>run</c> shows one here, to its end.</summary>
/// <param name="options">With which the server is found by the commands that are told to be given next.</param>
internal sealed class RemoteWatch(RemoteServer server, Terminal terminal, string options)
{
    /// <summary>Ctrl-C ends the watching; the sweep goes on.</summary>
    /// <returns>The command's exit code.</returns>
    public async Task<int> ShowAsync(SweepId sweep, bool json, bool quiet, CancellationToken cancellation)
    {
        var results = server.Results(sweep);
        var record = await results.RecordAsync(cancellation);
        EngineEvent.SweepEnded end;
        var view = RunViews.Of(terminal, server.Time, json, quiet, SweepFile.VaryingAxesOf(record.Spec));
        try
        {
            await using (view)
            {
                end = await FollowAsync(sweep, view, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync(
                $"not watched any more; it goes on. Again: {OwnName.Value} watch {sweep}{options}; to end it: {OwnName.Value} cancel {sweep}{options}"
            );
            return ExitCode.Interrupted;
        }

        if (!json && !quiet)
        {
            await Answer.WriteAsync(terminal, server.Results(sweep), record, Answer.ShownCells, cancellation);
            await terminal.Output.WriteLineAsync($"again: {OwnName.Value} results {sweep}{options}");
        }

        return ExitCode.Of(end.End, end.Outcomes, end.Reason);
    }

    /// <summary>Its events, and beside them what becomes of the nodes.</summary>
    private async Task<EngineEvent.SweepEnded> FollowAsync(SweepId sweep, IRunView view, CancellationToken cancellation)
    {
        var nodes = new NodeWatch(server, view.Say);
        await nodes.LookAsync(cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var following = nodes.FollowAsync(over.Token);
        try
        {
            return await server.Events(sweep).FollowAsync(view.See, view.Say, cancellation);
        }
        finally
        {
            await over.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
