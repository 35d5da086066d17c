using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;

namespace Layerbench.Cli.Serving;

/// <summary>A submitted sweep that has not been run to its end.</summary>
/// <param name="Sweep">As its store has it, or will.</param>
/// <param name="Served">The id under which it is served.</param>
/// <param name="Folder">Where it has been measured before; null: nowhere.</param>
/// <param name="RerunsFailed">Whether failures of an earlier run are to be tried again.</param>
internal sealed record KeptRun(
    SweepRecord Sweep,
    SweepId Served,
    string? Folder,
    string User,
    int Priority,
    bool IsPaused,
    bool RerunsFailed
);

/// <summary>What <c>serve</c> has yet to run, in a file, so that the next one goes on with it. One process at a time keeps it.</summary>
internal sealed class RunJournal : IDisposable
{
    private const string Name = "queue.json";
    private const string LockName = "queue.lock";

    private readonly string path;
    private readonly FolderLock held;

    private RunJournal(string path, FolderLock held) => (this.path, this.held) = (path, held);

    /// <param name="folder">It is made where there is none.</param>
    /// <exception cref="StoreException">Another process keeps one there, or it cannot be written.</exception>
    public static RunJournal Open(string folder, TimeProvider time)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreProblem.ReadOnly, $"'{folder}' cannot be made ({error.Message})", error);
        }

        return new(Path.Combine(folder, Name), FolderLock.Take(folder, Path.Combine(folder, LockName), time));
    }

    /// <summary>In the order in which they were submitted.</summary>
    /// <exception cref="BadInputException">It is not what a journal wrote.</exception>
    public async Task<IReadOnlyList<KeptRun>> ReadAsync(CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<KeptRun[]>(file, CoreJson.Options, cancellation) ?? [];
        }
        catch (JsonException error)
        {
            throw new BadInputException(
                $"'{path}' is no list of sweeps that wait ({error.Message}); remove it, and submit them again",
                error
            );
        }
    }

    /// <exception cref="StoreException">It cannot be written.</exception>
    public Task WriteAsync(IReadOnlyList<KeptRun> runs) =>
        AtomicFile.WriteAsync(path, stream => JsonSerializer.SerializeAsync(stream, runs, CoreJson.Options));

    public void Dispose() => held.Dispose();
}
