using System.Globalization;
using Layerbench.Cli.Sweeping;
using Layerbench.Engine.Output;
using Layerbench.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Layerbench.Cli.Serving;

/// <summary>Where the command serves the live page, and to whom.</summary>
/// <param name="Port">0: one that is free.</param>
/// <param name="Host">An address of this machine; anything but loopback takes tokens.</param>
/// <param name="Tokens">The token file; empty: nobody is asked for one.</param>
internal sealed record PageAddress(int Port, string Host = "127.0.0.1", string Tokens = "")
{
    public const int UsualPort = 8080;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://{Host}:{Port}");
}

/// <summary>The live page and REST over this machine's stores, inside the command.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly RunQueue queue;
    private readonly ServedStores stores;

    private PageServer(WebApplication app, LocalSweeps sweeps, RunQueue queue, ServedStores stores)
    {
        (this.app, Sweeps, this.queue, this.stores) = (app, sweeps, queue, stores);
        Address = app.Urls.First();
    }

    /// <summary>To be opened in a browser.</summary>
    public string Address { get; }

    public LocalSweeps Sweeps { get; }

    /// <param name="folders">With stores at any depth; what is submitted is measured into the first.</param>
    /// <param name="journal">Where what is submitted is kept until it has been run; null: in memory alone.</param>
    /// <exception cref="BadInputException">It may not, or cannot, listen there; all that is wrong.</exception>
    public static async Task<PageServer> StartAsync(
        PageAddress address,
        IReadOnlyList<string> folders,
        Workplace place,
        TimeProvider time,
        CancellationToken cancellation,
        RunJournal? journal = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address.Url);
        builder.Logging.ClearProviders();
        var settings = new WebSettings { Tokens = address.Tokens };
        if (settings.Errors(builder.Configuration).ToList() is { Count: > 0 } errors)
        {
            throw new BadInputException(errors);
        }

        var served = new ServedStores(folders, time);
        var runs = new RunQueue(place, folders[0], served, journal, time);
        var sweeps = new LocalSweeps(place, served, runs, settings.Limits, time);
        builder.Services.AddSingleton<ISweepEngine>(sweeps);
        // Signals are the command's own affair.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddWebApi(settings);
        var listening = builder.Build();
        listening.MapWebApi();
        try
        {
            await listening.StartAsync(cancellation);
        }
        catch (IOException busy)
        {
            await listening.DisposeAsync();
            await served.DisposeAsync();
            throw new BadInputException(
                $"--port {address.Port}: cannot listen on {address.Url} ({busy.InnerException?.Message ?? busy.Message}); give another, or 0 for one that is free",
                busy
            );
        }

        return new PageServer(listening, sweeps, runs, served);
    }

    /// <summary>From now on what is submitted is run.</summary>
    /// <param name="open">A folder that this process has open already; null: none.</param>
    public void RunSubmitted(OutputFolder? open = null) => queue.Start(open);

    /// <summary>Ends the run in flight after its cell, and the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await queue.DisposeAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        await stores.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
