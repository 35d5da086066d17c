using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Architecture;

/// <summary>The arrows of docs/design: everything decides in Core, Core knows nothing, nobody links a worker.</summary>
public class ArrowTests
{
    /// <summary>What each project may reference. A new project is added here on purpose, or the test fails.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["SweepFiles"] = ["Core"],
        ["Metrics"] = ["Core"],
        ["Telemetry"] = ["Core", "Metrics"],
        ["Telemetry.Prometheus"] = ["Telemetry"],
        ["Engine"] = ["Core", "Metrics"],
        ["Worker"] = ["Core"],
        ["Cluster.Contracts"] = ["Core"],
        ["Cluster.Tls"] = ["Cluster.Contracts"],
        ["Grains"] = ["Core", "Metrics", "Cluster.Contracts"],
        ["Silo"] =
        [
            "Core",
            "SweepFiles",
            "Cluster.Contracts",
            "Cluster.Tls",
            "Metrics",
            "Telemetry",
            "Telemetry.Prometheus",
            "Grains",
            "Engine",
        ],
        ["LocalCluster"] = ["Core", "Engine"],
        ["Web"] = ["Core", "SweepFiles", "Engine", "Report"],
        ["Gateway"] =
        [
            "Core",
            "SweepFiles",
            "Cluster.Contracts",
            "Cluster.Tls",
            "Metrics",
            "Telemetry",
            "Telemetry.Prometheus",
            "Engine",
            "Web",
        ],
        ["Report"] = ["Core", "SweepFiles", "Engine"],
        ["Cli"] =
        [
            "Core",
            "SweepFiles",
            "Metrics",
            "Telemetry",
            "Telemetry.Prometheus",
            "Engine",
            "LocalCluster",
            "Report",
            "Web",
        ],
        ["Bench"] = ["Core", "SweepFiles", "Engine", "Report", "Web"],
        ["Harness"] = ["Core", "Cluster.Contracts", "Engine", "Silo", "LocalCluster"],
        ["Bench.Cluster"] =
        [
            "Core",
            "SweepFiles",
            "Cluster.Contracts",
            "Metrics",
            "Telemetry",
            "Engine",
            "Silo",
            "LocalCluster",
            "Harness",
        ],
        ["Bench.TorchSharp"] = [],
    };

    [Fact]
    public void ProjectsReferenceOnlyWhatPointsTowardsCore()
    {
        var wrong = Repository
            .Projects.Where(p => !p.IsTest)
            .SelectMany(p => p.References.Select(r => (p.Name, Reference: r)))
            .Where(a => !Allowed.TryGetValue(a.Name, out var to) || !to.Contains(a.Reference))
            .Select(a => $"{a.Name} -> {a.Reference}");

        wrong.ShouldBeEmpty();
        Repository.Projects.Where(p => !p.IsTest).Select(p => p.Name).ShouldBeSubsetOf(Allowed.Keys);
        // The scan sees the projects it speaks of.
        Repository.Projects.Select(p => p.Name).ShouldContain("Core");
        Repository.Projects.Single(p => p.Name == "Cli").References.ShouldContain("Engine");
    }

    [Fact]
    public void NothingLinksAWorker() =>
        Repository
            .Projects.Where(p => p.References.Any(r => r.StartsWith("Worker", StringComparison.Ordinal)))
            .Select(p => p.Name)
            .ShouldBeEmpty();

    [Fact]
    public void CoreHasNoPackages()
    {
        Repository.Projects.Single(p => p.Name == "Core").Packages.ShouldBeEmpty();
        typeof(SweepState)
            .Assembly.GetReferencedAssemblies()
            .Select(a => a.Name!)
            .ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal));
    }
}
