using System.Text.Json;
using Layerbench.Core.Protocol;
using Orleans.Storage;

namespace Layerbench.Silo;

/// <summary>
/// Grain storage in a folder, one JSON file a state, for silos of one machine. A write is on the disk when it returns; of
/// two activations of one grain that both write, the one that read the older version is refused.
/// </summary>
internal sealed class FolderGrainStorage(string folder) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var kept = await ReadAsync<T>(PathOf(stateName, grainId));
        grainState.RecordExists = kept is not null;
        grainState.ETag = kept?.Version;
        grainState.State = kept is null ? Activator.CreateInstance<T>() : kept.State;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        Directory.CreateDirectory(folder);
        await using var held = Hold(path);
        await CheckAsync(path, grainState);
        var version = Guid.NewGuid().ToString("N");
        await using (var file = File.Create(path + ".new"))
        {
            await JsonSerializer.SerializeAsync(file, new Kept<T>(version, grainState.State!), CoreJson.Options);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
        grainState.RecordExists = true;
        grainState.ETag = version;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        Directory.CreateDirectory(folder);
        await using var held = Hold(path);
        await CheckAsync(path, grainState);
        File.Delete(path);
        grainState.RecordExists = false;
        grainState.ETag = null;
        grainState.State = Activator.CreateInstance<T>();
    }

    private string PathOf(string stateName, GrainId grain) =>
        Path.Combine(folder, Uri.EscapeDataString($"{stateName} {grain}") + ".json");

    /// <summary>Keeps other writers of this state out, those of other processes too; one that comes meanwhile fails.</summary>
    private static FileStream Hold(string path) =>
        new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static async Task CheckAsync<T>(string path, IGrainState<T> state)
    {
        var kept = await ReadAsync<T>(path);
        if (kept?.Version != state.ETag)
        {
            throw new InconsistentStateException(
                $"'{path}' was written by another activation meanwhile.",
                kept?.Version,
                state.ETag
            );
        }
    }

    private static async Task<Kept<T>?> ReadAsync<T>(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<Kept<T>>(file, CoreJson.Options);
    }

    private sealed record Kept<T>(string Version, T State);
}
