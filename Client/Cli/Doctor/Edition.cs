using System.Reflection;

namespace Layerbench.Cli.Doctor;

/// <summary>Which edition this build is; the build writes it into the assembly (Directory.Build.targets).</summary>
internal static class Edition
{
    private static readonly (string Name, string Does)[] Known =
    [
        ("TorchSharp", "the torchsharp backend"),
        ("Orleans", "sweeps over several machines"),
        ("PrometheusExporter", "metrics by the exporter package; without it the built-in text exporter serves them"),
    ];

    public static string Name(Assembly assembly) =>
        Metadata(assembly, "Edition") is { Length: > 0 } name ? name : "unknown";

    /// <summary><c>0.1.0</c>, without the commit.</summary>
    public static string Version(Assembly assembly) =>
        (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split(
            '+'
        )[0];

    public static IReadOnlyList<Finding> Features(string missing)
    {
        var names = missing.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. Known.Select(feature =>
                names.Contains(feature.Name, StringComparer.Ordinal)
                    ? new Finding(
                        feature.Name,
                        Health.Missing,
                        $"the package feed lacked it when this was built; it is for {feature.Does}",
                        "add a package source that has it and build again (docs/editions.md)"
                    )
                    : new Finding(feature.Name, Health.Good, $"built in; {feature.Does}")
            ),
        ];
    }

    public static string Missing(Assembly assembly) => Metadata(assembly, "MissingFeatures") ?? "";

    private static string? Metadata(Assembly assembly, string key) =>
        assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.Ordinal))
            ?.Value;
}
