using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests;

/// <summary>
/// Speaks docs/protocol.md to a worker process, whichever it is, for tests: sends requests, reads one reply a line.
/// Nothing is retried and nothing is hidden; a deadline turns a hang into a failure.
/// </summary>
public sealed class WorkerClient : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly StringBuilder errors = new();

    private WorkerClient(Process process) => this.process = process;

    /// <summary>What the worker has written to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (errors)
            {
                return errors.ToString();
            }
        }
    }

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables to set beside those of this process.</param>
    public static WorkerClient Start(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var client = new WorkerClient(Process.Start(start) ?? throw new InvalidOperationException(command[0]));
        client.process.ErrorDataReceived += (_, line) =>
        {
            lock (client.errors)
            {
                client.errors.AppendLine(line.Data);
            }
        };
        client.process.BeginErrorReadLine();
        return client;
    }

    public Task SendAsync(Request request) => SendLineAsync(JsonSerializer.Serialize(request, ProtocolJson.Options));

    public async Task SendLineAsync(string line)
    {
        await process.StandardInput.WriteAsync(line + "\n");
        await process.StandardInput.FlushAsync();
    }

    /// <summary>The next reply, or null at the end of the worker's output.</summary>
    public async Task<Reply?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        var line = await process.StandardOutput.ReadLineAsync(limit.Token);
        return line is null ? null : JsonSerializer.Deserialize<Reply>(line, ProtocolJson.Options);
    }

    /// <summary>Sends and takes the one reply, which must be a <typeparamref name="T"/>.</summary>
    public async Task<T> AskAsync<T>(Request request)
        where T : Reply
    {
        await SendAsync(request);
        return await ExpectAsync<T>();
    }

    public async Task<T> ExpectAsync<T>()
        where T : Reply
    {
        var reply = await ReceiveAsync();
        return reply as T
            ?? throw new InvalidOperationException($"Expected {typeof(T).Name}, got {reply}. Standard error: {Errors}");
    }

    /// <summary>A whole measurement: the warm-up's answer and every row, with the number of messages they came in.</summary>
    public async Task<Measurement> MeasureAsync(Request.Measure request)
    {
        await SendAsync(request);
        var warmed = await ExpectAsync<Reply.Warmed>();
        var rows = new List<IReadOnlyList<long>>();
        for (var messages = 0; ; messages++)
        {
            switch (await ReceiveAsync())
            {
                case Reply.Samples samples:
                    rows.AddRange(samples.Rows);
                    break;
                case Reply.Measured measured:
                    return new(warmed, rows, messages, measured);
                case var other:
                    throw new InvalidOperationException($"Expected samples, got {other}. Standard error: {Errors}");
            }
        }
    }

    /// <summary>A whole training: every reply up to the last, which it answers at rungs.</summary>
    /// <param name="go">Whether a run goes on at a rung.</param>
    public async Task<TrainingExchange> TrainAsync(Request.Train request, Func<Reply.Rung, bool>? go = null)
    {
        await SendAsync(request);
        var before = new List<Reply>();
        while (true)
        {
            switch (await ReceiveAsync())
            {
                case Reply.Progress progress:
                    before.Add(progress);
                    break;
                case Reply.Rung rung:
                    before.Add(rung);
                    await SendAsync(new Request.Decide(rung.Cell, rung.Variant, go?.Invoke(rung) ?? true));
                    break;
                case Reply.Trained trained:
                    return new(before, trained);
                case var other:
                    throw new InvalidOperationException($"Expected progress, got {other}. Standard error: {Errors}");
            }
        }
    }

    public void CloseInput() => process.StandardInput.Close();

    /// <summary>Waits for the process to end by itself; its exit code.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}

/// <param name="Messages">Lines of type samples.</param>
public sealed record Measurement(
    Reply.Warmed Warmed,
    IReadOnlyList<IReadOnlyList<long>> Rows,
    int Messages,
    Reply.Measured Measured
);

/// <param name="Before">Progress and rungs, in the order in which they came.</param>
public sealed record TrainingExchange(IReadOnlyList<Reply> Before, Reply.Trained Trained);
