using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Chart;

/// <summary>The example of values in docs/operations.md.</summary>
public sealed class DocumentedValuesTests
{
    [Fact]
    public async Task TheExampleForGpusIsTakenAndGivesEachGpuItsShareOfCpusAndMemory()
    {
        using var folder = new ScratchFolder();
        var docs = await File.ReadAllTextAsync(
            Repository.At("docs", "operations.md"),
            TestContext.Current.CancellationToken
        );
        var values = docs.Split("```yaml\n")[1].Split("```")[0];

        var said = await Renderer.RunAsync("-values", folder.Write("values.yaml", values));

        var silo = Yaml.ReadAll(said.ShouldSucceed().Output).Single(m => m.Text("kind") == "DaemonSet");
        var expected = new Dictionary<string, string>
        {
            ["nvidia.com/gpu"] = "8",
            ["cpu"] = "32",
            ["memory"] = "256Gi",
        };
        silo.Texts("spec.template.spec.containers.0.resources.limits").ShouldBe(expected, ignoreOrder: true);
        silo.Texts("spec.template.spec.containers.0.resources.requests").ShouldBe(expected, ignoreOrder: true);
    }
}
