using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Layerbench.Core.Protocol;
using Layerbench.Engine.Devices;

namespace Layerbench.Engine.Workers;

/// <summary>
/// A worker as a child process: JSON lines over its standard input and output, a bounded tail of its standard error,
/// a deadline for every reply, and an end to it and all it started. It leads a session of its own, so that its group
/// can be killed even when it is dead itself, and a Ctrl-C on the terminal does not reach it.
/// </summary>
internal sealed class WorkerProcess : IWorker
{
    /// <summary>For an exit that is under way: after the last reply, or after standard output has ended.</summary>
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(2);

    /// <summary>For the kernel to give a killed process back.</summary>
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(10);

    /// <summary>Replies read ahead; then the worker waits.</summary>
    private const int ReadAhead = 64;

    private readonly Process process;
    private readonly TimeProvider time;
    private readonly int maximumLineBytes;
    private readonly StderrTail stderr = new();
    private readonly Channel<Received> replies = Channel.CreateBounded<Received>(ReadAhead);
    private readonly Channel<byte[]> requests = Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource stderrEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Cgroup cgroup = new(new HostFiles());
    private readonly long outOfMemoryKillsBefore;
    private bool saidBye;
    private bool killed;
    private bool disposed;

    private WorkerProcess(
        Process process,
        IReadOnlyDictionary<string, string> environment,
        TimeProvider time,
        int maximumLineBytes
    )
    {
        this.process = process;
        this.time = time;
        this.maximumLineBytes = maximumLineBytes;
        Environment = environment;
        ProcessId = process.Id;
        outOfMemoryKillsBefore = cgroup.OutOfMemoryKills();

        // Threads, not tasks: reads of a pipe block, and blocked pool threads would starve the engine.
        StartThread("stdout", ReadReplies);
        StartThread("stderr", DrainStderr);
        _ = Task.Run(WatchExitAsync);
        _ = Task.Run(WriteRequestsAsync);
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public string StderrTail => stderr.ToString();

    public int ProcessId { get; }

    public static async Task<WorkerProcess> StartAsync(
        WorkerCommand command,
        LaunchEnvironment environment,
        TimeProvider time,
        int maximumLineBytes = ReplyReader.DefaultMaximumLineBytes
    )
    {
        IReadOnlyList<string> line = [.. environment.Prefix, command.Program, .. command.Arguments];
        var info = new ProcessStartInfo(line[0], line.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment.Variables)
        {
            info.Environment[name] = value;
        }

        try
        {
            return new WorkerProcess(
                await Spawner.StartAsync(info).ConfigureAwait(false),
                environment.Entries,
                time,
                maximumLineBytes
            );
        }
        catch (Win32Exception e)
        {
            throw new WorkerLostException(LossCause.WorkerLost, $"'{command}' cannot be started: {e.Message}", "", e);
        }
    }

    public void Send(Request request)
    {
        saidBye |= request is Request.Bye;
        requests.Writer.TryWrite([.. JsonSerializer.SerializeToUtf8Bytes(request, ProtocolJson.Options), (byte)'\n']);
    }

    public async ValueTask<Reply> ReceiveAsync(TimeSpan deadline, CancellationToken kill)
    {
        using var timer = new CancellationTokenSource(deadline > TimeSpan.Zero ? deadline : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, kill);
        Received received;
        try
        {
            received = await replies.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!kill.IsCancellationRequested)
        {
            throw await LostAsync(LossCause.Timeout, $"did not answer within {Words(deadline)} and was killed")
                .ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw await LostAfterEndAsync().ConfigureAwait(false);
        }

        return received.Reply ?? throw await LostAsync(LossCause.Protocol, received.Violation!).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        requests.Writer.TryComplete();
        if (saidBye)
        {
            await ExitedAsync(ExitGrace).ConfigureAwait(false);
        }

        await KillAsync().ConfigureAwait(false);
        process.Dispose();
    }

    /// <summary>Kills what is left of the worker and of what it started, and waits until the kernel has given it back.</summary>
    private async Task KillAsync()
    {
        if (killed)
        {
            return;
        }

        killed = true;
        try
        {
            // Descendants that have left the group with a session of their own, found through their parents.
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // Dead already; its group may not be.
        }
        catch (Win32Exception)
        {
            // Dying, and no longer to be signalled.
        }
        catch (AggregateException)
        {
            // Some descendants could not be signalled because they were gone.
        }

        KillGroup();
        replies.Writer.TryComplete();

        // Bounded: a process stuck in a driver call does not die until the driver lets go.
        await ExitedAsync(KillGrace).ConfigureAwait(false);
    }

    /// <summary>The worker leads its group (setsid), which outlives it as long as a member does.</summary>
    private void KillGroup() => _ = NativeMethods.Kill(-ProcessId, NativeMethods.SigKill);

    private async Task<bool> ExitedAsync(TimeSpan grace)
    {
        using var limit = new CancellationTokenSource(grace, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Standard output has ended: the worker has exited, or is about to, or has closed it and stays.</summary>
    private async Task<WorkerLostException> LostAfterEndAsync()
    {
        if (!await ExitedAsync(ExitGrace).ConfigureAwait(false))
        {
            return await LostAsync(LossCause.Protocol, "closed its standard output and went on running")
                .ConfigureAwait(false);
        }

        var code = process.ExitCode;
        var outOfMemory = code == 128 + NativeMethods.SigKill && cgroup.OutOfMemoryKills() > outOfMemoryKillsBefore;
        return outOfMemory
            ? await LostAsync(LossCause.OutOfMemory, "was killed by the kernel because memory ran out")
                .ConfigureAwait(false)
            : await LostAsync(LossCause.WorkerLost, ExitWords.Of(code)).ConfigureAwait(false);
    }

    private async Task<WorkerLostException> LostAsync(string cause, string what)
    {
        await KillAsync().ConfigureAwait(false);

        // Its last words may still be in the pipe. Bounded: something that escaped may hold the pipe open.
        await Task.WhenAny(stderrEnded.Task, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System))
            .ConfigureAwait(false);
        return new WorkerLostException(cause, $"the worker {what}", stderr.ToString());
    }

    private static string Words(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");

    private static void StartThread(string name, ThreadStart body) =>
        new Thread(body, maxStackSize: 256 * 1024) { IsBackground = true, Name = $"layerbench worker {name}" }.Start();

    private void ReadReplies()
    {
        using var stream = process.StandardOutput.BaseStream;
        new ReplyReader(stream, replies.Writer, maximumLineBytes).Run();
        replies.Writer.TryComplete();
    }

    /// <summary>What a dead worker started dies too; then the replies end, also where something escaped and holds the pipe open.</summary>
    private async Task WatchExitAsync()
    {
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        KillGroup();
        await Task.WhenAny(replies.Reader.Completion, Task.Delay(ExitGrace, TimeProvider.System)).ConfigureAwait(false);
        replies.Writer.TryComplete();
    }

    private void DrainStderr()
    {
        using var stream = process.StandardError.BaseStream;
        Span<byte> buffer = stackalloc byte[8192];
        try
        {
            while (stream.Read(buffer) is var count && count > 0)
            {
                stderr.Append(buffer[..count]);
            }
        }
        catch (IOException)
        {
            // The pipe was closed under us: the process is being disposed of.
        }
        catch (ObjectDisposedException)
        {
            // As above.
        }

        stderrEnded.TrySetResult();
    }

    private async Task WriteRequestsAsync()
    {
        try
        {
            await using var stream = process.StandardInput.BaseStream; // its closing is the worker's sign to exit
            await foreach (var line in requests.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await stream.WriteAsync(line).ConfigureAwait(false);
                await stream.FlushAsync().ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // It does not read any more: its end, or its silence, is seen on the other pipe.
        }
        catch (ObjectDisposedException)
        {
            // It has been disposed of.
        }
        catch (InvalidOperationException)
        {
            // As above: the process object no longer has its streams.
        }
    }
}
