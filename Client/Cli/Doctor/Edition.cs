using System.Reflection;

namespace Layerbench.Cli.Doctor;

/// <summary>Which edition this build is; the build writes it into the assembly (Directory.Build.targets).</summary>
internal static class Edition
{
    private static readonly (string Name, string With, string Without)[] Known =
    [
        ("TorchSharp", "the torchsharp backend", "no torchsharp backend; pytorch measures the same"),
        ("Orleans", "the cluster engine: silos, the gateway, `cluster up` (docs/cluster.md)", "one machine at a time"),
        (
            "OrleansTls",
            "certificates between silos and gateways (docs/cluster.md)",
            "silos and gateways speak in the clear, for a network of their own"
        ),
        (
            "PrometheusExporter",
            "/metrics through OpenTelemetry's exporter (docs/operations.md)",
            "/metrics through a text exporter of its own, which says the same"
        ),
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
                        $"the package feed lacked it when this was built{Unloadable(feature.Name)}: {feature.Without}",
                        "add a package source that has it and build again (docs/editions.md)"
                    )
                    : new Finding(feature.Name, Health.Good, $"in this edition: {feature.With}")
            ),
        ];
    }

    /// <summary>Its native library may ask for a newer C++ library than the system has (eng/probe-feed).</summary>
    private static string Unloadable(string feature) =>
        feature == "TorchSharp" ? ", or this system cannot load it" : "";

    /// <param name="missing">Why the build could not make them; null where it did.</param>
    public static Finding Charts(string? missing) =>
        missing is null
            ? new("charts", Health.Good, "in report.html, which the build made with node")
            : new(
                "charts",
                Health.Missing,
                $"report.html has a plain table and no figures: {missing}",
                "install nodejs (18 or later) and npm, then: rm artifacts/.built-*, and give your command again"
            );

    public static string Missing(Assembly assembly) => Metadata(assembly, "MissingFeatures") ?? "";

    private static string? Metadata(Assembly assembly, string key) =>
        assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.Ordinal))
            ?.Value;
}
