using System.Text.Json;
using Layerbench.Core.Protocol;
using Orleans.Storage;

namespace Layerbench.Silo.Clustering;

/// <summary>Grains' state as JSON, the same as on the wire: the core's closed unions name their case.</summary>
internal sealed class CoreStateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, CoreJson.Options));

    public T? Deserialize<T>(BinaryData input) =>
        JsonSerializer.Deserialize<T>(input.ToMemory().Span, CoreJson.Options);
}
