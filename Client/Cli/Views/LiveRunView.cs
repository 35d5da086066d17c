using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>
/// The run drawn in place on a terminal. It is drawn at most twice a second, because every drawing takes CPU time from
/// what is being measured.
/// </summary>
internal sealed class LiveRunView : IRunView
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly RunPicture picture;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource ended = new();
    private readonly Task drawing;
    private string? said;

    public LiveRunView(IAnsiConsole console, IReadOnlyList<string> axes, TimeProvider time)
    {
        picture = new RunPicture(axes);
        this.time = time;
        drawing = DrawAsync(console);
    }

    public void See(EngineEvent e)
    {
        lock (gate)
        {
            picture.See(e);
        }
    }

    public void Say(string line)
    {
        lock (gate)
        {
            said = line;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await drawing;
        ended.Dispose();
    }

    private Task DrawAsync(IAnsiConsole console) =>
        console
            .Live(new Text(""))
            .AutoClear(true)
            .StartAsync(async live =>
            {
                using var timer = new PeriodicTimer(Refresh, time);
                try
                {
                    while (await timer.WaitForNextTickAsync(ended.Token))
                    {
                        live.UpdateTarget(Frame());
                        live.Refresh();
                    }
                }
                catch (OperationCanceledException)
                {
                    // The run is over; the frame is cleared and the table takes its place.
                }
            });

    private IRenderable Frame()
    {
        lock (gate)
        {
            return LiveFrame.Draw(picture, time.GetUtcNow(), said);
        }
    }
}
