using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry.Metrics;

namespace Layerbench.Telemetry.Exposition;

/// <summary>How metrics are served to who scrapes them.</summary>
public interface IExposition
{
    void AddTo(MeterProviderBuilder metrics);

    /// <param name="path">E.g. <c>/metrics</c>.</param>
    IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string path);
}

/// <summary>Says which exposition an assembly brings.</summary>
/// <param name="type">An <see cref="IExposition"/> with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ExpositionAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}
