using System.Reflection;

namespace Layerbench.Telemetry.Exposition;

/// <summary>Which exposition this build has.</summary>
public static class Expositions
{
    private const string Packaged = "Layerbench.Telemetry.Prometheus";

    /// <summary>OpenTelemetry's own where the package feed had it when this was built, else the text exporter.</summary>
    public static IExposition Best() => OfPackage() ?? new TextExposition();

    /// <summary>Null: this build was made without.</summary>
    public static IExposition? OfPackage()
    {
        try
        {
            var type = Assembly.Load(Packaged).GetCustomAttribute<ExpositionAttribute>()?.Type;
            return type is null ? null : (IExposition)Activator.CreateInstance(type)!;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
