using System.Diagnostics.Metrics;
using System.Reflection;

namespace Layerbench.Metrics;

/// <summary>Which build this process is of: <c>layerbench_build_info</c>, always 1.</summary>
public sealed class BuildInfo : IDisposable
{
    private readonly Meter meter = LayerbenchMeter.New();

    /// <param name="program">Whose informational version (<c>0.1.0+commit</c>) and edition it is.</param>
    public BuildInfo(Assembly program)
    {
        var text = program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var parts = text.Split('+', 2);
        Version = parts[0].Length > 0 ? parts[0] : "unknown";
        var commit = parts.Length > 1 ? parts[1] : "unknown";
        var edition =
            program.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "Edition")?.Value
            ?? "unknown";
        var one = LayerbenchMeter.Of(1, ("version", Version), ("commit", commit), ("edition", edition));
        meter.CreateObservableGauge("layerbench.build.info", () => one, unit: null, "Which build this is; always 1.");
    }

    public string Version { get; }

    public void Dispose() => meter.Dispose();
}
