using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Layerbench.Cluster;

/// <summary>
/// How the core's records travel between silos and lie in grain storage. The core has no packages, so they carry no
/// Orleans attributes: System.Text.Json writes them, and every closed union says which of its cases it is.
/// </summary>
public static class CoreJson
{
    /// <summary>Key of the case's name, in every union.</summary>
    private const string CaseKey = "case";

    private static readonly Type[] unions =
    [
        typeof(Outcome),
        typeof(CellTold),
        typeof(LeaseAnswer),
        typeof(TellAnswer),
    ];

    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>Registers the codec for every type of the core's assembly.</summary>
    public static ISerializerBuilder AddCoreRecords(this ISerializerBuilder builder)
    {
        builder.Services.AddSingleton<ITypeFilter, CoreTypes>();
        return builder.AddJsonSerializer(IsCore, Options);
    }

    private static bool IsCore(Type type) => type.Assembly == typeof(SweepState).Assembly;

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(ProtocolJson.Options)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameCases } },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void NameCases(JsonTypeInfo info)
    {
        if (!unions.Contains(info.Type))
        {
            return;
        }

        var cases = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = CaseKey };
        foreach (var one in info.Type.GetNestedTypes().Where(t => t.IsSubclassOf(info.Type)))
        {
            cases.DerivedTypes.Add(new JsonDerivedType(one, one.Name));
        }

        if (cases.DerivedTypes.Count == 0)
        {
            throw new UnreachableException($"{info.Type} is listed as a union and has no cases.");
        }

        info.PolymorphismOptions = cases;
    }

    /// <summary>
    /// Lets the unions' own names onto the wire, e.g. as the element type of an array: the codec vouches for its concrete
    /// types only.
    /// </summary>
    private sealed class CoreTypes : ITypeFilter
    {
        public bool? IsTypeAllowed(Type type) => IsCore(type) || IsCollectionOfCore(type) ? true : null;

        /// <summary>A list or dictionary of the framework's, one of whose arguments is the core's: it travels by its own codec.</summary>
        private static bool IsCollectionOfCore(Type type) =>
            type.IsConstructedGenericType
            && type.Assembly == typeof(List<>).Assembly
            && Array.Exists(type.GetGenericArguments(), IsCore);
    }
}
