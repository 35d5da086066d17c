using Layerbench.Core.Protocol;
using Layerbench.Core.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;

namespace Layerbench.Cluster;

/// <summary>
/// How the core's records travel between silos. The core has no packages, so they carry no Orleans attributes:
/// <see cref="CoreJson"/> writes them.
/// </summary>
public static class CoreRecords
{
    /// <summary>Registers the codec for every type of the core's assembly.</summary>
    public static ISerializerBuilder AddCoreRecords(this ISerializerBuilder builder)
    {
        builder.Services.AddSingleton<ITypeFilter, CoreTypes>();
        builder.Services.AddSingleton<IGeneralizedCopier, SharedRecords>();
        builder.Services.Configure<JsonCodecOptions>(o => o.SerializerOptions = CoreJson.Options);
        return builder.AddJsonSerializer(IsCore, isCopyable: static _ => false);
    }

    private static bool IsCore(Type type) => type.Assembly == typeof(SweepState).Assembly;

    /// <summary>Records do not change, so grains of one silo share them; to write and read each took a fifth of a lease's time.</summary>
    private sealed class SharedRecords : IGeneralizedCopier
    {
        public bool IsSupportedType(Type type) => IsCore(type);

        public object? DeepCopy(object? input, CopyContext context) => input;
    }

    /// <summary>
    /// Lets the unions' own names onto the wire, e.g. as the element type of an array: the codec vouches for its concrete
    /// types only. And texts, as arguments of a generic type beside one of them: a dictionary from a sweep's id to a text.
    /// </summary>
    private sealed class CoreTypes : ITypeFilter
    {
        public bool? IsTypeAllowed(Type type) => IsCore(type) || type == typeof(string) ? true : null;
    }
}
