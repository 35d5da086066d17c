using Layerbench.Cli.Commands;
using Layerbench.Cli.Sweeping;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Serving;

/// <summary><c>run --web</c>: the live page of a run that the command makes itself.</summary>
internal sealed class WatchedRun : IAsyncDisposable
{
    /// <summary>Stands for the usual port, or one that is free where that is taken.</summary>
    public const int AnyPort = -1;

    private readonly PageServer server;
    private readonly Terminal terminal;

    private WatchedRun(PageServer server, Terminal terminal) => (this.server, this.terminal) = (server, terminal);

    /// <param name="folder">The run's.</param>
    /// <exception cref="BadInputException">The port cannot be had.</exception>
    public static async Task<WatchedRun> StartAsync(
        int port,
        string folder,
        Workplace place,
        Terminal terminal,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var address = new PageAddress(port == AnyPort ? PageAddress.UsualPort : ServeCommand.Port("--web", port));
        PageServer started;
        try
        {
            started = await PageServer.StartAsync(address, [folder], place, time, cancellation);
        }
        catch (BadInputException) when (port == AnyPort)
        {
            started = await PageServer.StartAsync(address with { Port = 0 }, [folder], place, time, cancellation);
        }

        await terminal.Error.WriteLineAsync($"watch: {started.Address}/");
        return new WatchedRun(started, terminal);
    }

    public OwnRun Adopt(LoadedSweep sweep, SweepRecord record) => server.Sweeps.Own.Adopt(sweep, record);

    /// <summary>
    /// Where somebody is there to end it, the page stays until they do, and runs what is submitted on it; in a script it
    /// ends with the run.
    /// </summary>
    public async Task StayAsync(OutputFolder folder)
    {
        if (terminal is not { ErrorIsTerminal: true, OutputIsTerminal: true })
        {
            return;
        }

        using var interruption = new Interruption();
        server.RunSubmitted(folder);
        await terminal.Error.WriteLineAsync($"the page stays at {server.Address}/ until Ctrl-C");
        await ServeCommand.WaitAsync(interruption.Token);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
