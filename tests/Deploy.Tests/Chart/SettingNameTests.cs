using System.Text.RegularExpressions;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Chart;

/// <summary>A setting that a program does not know keeps it from starting: those of the chart and of the stack are its own.</summary>
public partial class SettingNameTests
{
    [Theory]
    [InlineData("silo", "Silo/Host/SiloSettings.cs")]
    [InlineData("gateway", "Client/Gateway/GatewaySettings.cs")]
    public async Task SettingsOfTheChartAreThoseOfTheProgram(string container, string source)
    {
        var known = Known(source);
        foreach (var values in new[] { null, "gpu", "everything" })
        {
            var variables = Yaml.ReadAll(await Renderer.ManifestsAsync(values))
                .Select(RenderTests.PodOf)
                .SelectMany(pod => pod.List("spec.containers"))
                .Single(c => c.Text("name") == container)
                .List("env")
                .Select(e => e.Text("name")!)
                .ToList();

            Ours(variables).ShouldNotBeEmpty();
            Ours(variables).ShouldBeSubsetOf(known);
        }
    }

    [Theory]
    [InlineData("silo-a", "Silo/Host/SiloSettings.cs")]
    [InlineData("silo-b", "Silo/Host/SiloSettings.cs")]
    [InlineData("gateway", "Client/Gateway/GatewaySettings.cs")]
    public void SettingsOfTheStackAreThoseOfTheProgram(string service, string source)
    {
        var known = Known(source);
        var variables = Yaml.ReadFile("deploy", "compose", "compose.yaml")
            .Texts($"services.{service}.environment")
            .Keys;

        Ours(variables).ShouldNotBeEmpty();
        Ours(variables).ShouldBeSubsetOf(known);
    }

    /// <summary>The first word of each setting of ours: <c>Limits</c> of <c>Layerbench__Limits__PlugIns</c>.</summary>
    private static IReadOnlyList<string> Ours(IEnumerable<string> variables) =>
        [
            .. variables
                .Where(v => v.StartsWith("Layerbench__", StringComparison.Ordinal))
                .Select(v => v.Split("__")[1])
                .Distinct(),
        ];

    private static IReadOnlyList<string> Known(string source)
    {
        Assert.SkipUnless(File.Exists(Repository.At(source)), $"there is no {source} in this checkout");
        IReadOnlyList<string> names =
        [
            .. Property().Matches(File.ReadAllText(Repository.At(source))).Select(m => m.Groups["name"].Value),
        ];
        Assert.SkipUnless(names.Contains("Postgres"), $"{source} knows no PostgreSQL yet");
        return names;
    }

    [GeneratedRegex(
        @"\bpublic [^;{]*?\b(?<name>\w+) \{ get; init; \}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Property();
}
