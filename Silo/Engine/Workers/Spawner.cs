using System.Collections.Concurrent;
using System.Diagnostics;

namespace Layerbench.Engine.Workers;

/// <summary>
/// One thread that starts all child processes and lives as long as this process. "Die with your parent" (prctl(2),
/// PR_SET_PDEATHSIG) means the parent *thread*: a child started by a pool thread would die when that thread retires.
/// </summary>
internal static class Spawner
{
    private static readonly BlockingCollection<Action> Work = [];

    static Spawner() => new Thread(Run) { IsBackground = true, Name = "layerbench spawner" }.Start();

    public static Task<Process> StartAsync(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception e) // handed to the caller whole, who knows what to make of it
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    private static void Run()
    {
        foreach (var action in Work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
