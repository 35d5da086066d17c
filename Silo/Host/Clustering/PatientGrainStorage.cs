using Layerbench.Engine.Stores.Postgres;
using Orleans.Storage;

namespace Layerbench.Silo.Clustering;

/// <summary>
/// Grain storage in PostgreSQL that outlasts a restart of the server. A write that was made and not heard of is refused when
/// it is made again, as one of a state that another has written: the activation ends, and the next one reads what is there.
/// </summary>
internal sealed class PatientGrainStorage(IGrainStorage storage) : IGrainStorage
{
    // Below what callers wait for.
    private readonly PostgresPatience patience = new(TimeSpan.FromSeconds(8));

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        patience.DoAsync(() => storage.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        patience.DoAsync(() => storage.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        patience.DoAsync(() => storage.ClearStateAsync(stateName, grainId, grainState));
}
