namespace Layerbench.Deploy.Tests.Tools;

/// <summary>Renders the chart: built once from <c>renderer/</c>, with Debian's Go and its packages of sprig.</summary>
internal static class Renderer
{
    private const string Packages = "/usr/share/gocode";

    private static readonly Lazy<Task<Said>> built = new(BuildAsync);

    private static string Program { get; } = Path.Combine(Repository.Checks, "renderer");

    /// <summary>What the renderer says: manifests, or why it refuses.</summary>
    public static Task<Said> RunAsync(params string[] arguments) =>
        RunChartAsync(Repository.At("helm", "layerbench"), arguments);

    /// <summary>The same of a chart elsewhere.</summary>
    public static async Task<Said> RunChartAsync(string chart, params string[] arguments)
    {
        const string package =
            "apt-get install golang-go golang-github-masterminds-sprig-dev golang-github-ghodss-yaml-dev golang-github-xeipuuv-gojsonschema-dev";
        Tool.Need("go", package);
        foreach (var library in new[] { "Masterminds/sprig", "ghodss/yaml", "xeipuuv/gojsonschema" })
        {
            Assert.SkipUnless(
                Directory.Exists(Path.Combine(Packages, "src", "github.com", library)),
                $"{library} is not here ({package})"
            );
        }

        (await built.Value).ShouldSucceed();
        return await Tool.RunAsync(Program, [.. arguments, chart]);
    }

    /// <summary>The chart with a file of <c>Values/</c>; null: with its own values alone.</summary>
    public static async Task<string> ManifestsAsync(string? values)
    {
        var said = await RunAsync(values is null ? [] : ["-values", ValuesFile(values)]);
        return said.ShouldSucceed().Output;
    }

    public static string ValuesFile(string name) => Repository.At("tests", "Deploy.Tests", "Values", $"{name}.yaml");

    private static Task<Said> BuildAsync() =>
        Tool.RunAsync(
            "go",
            ["build", "-o", Program, "."],
            Repository.At("tests", "Deploy.Tests", "renderer"),
            new Dictionary<string, string>
            {
                ["GO111MODULE"] = "off",
                ["GOPATH"] = Packages,
                ["GOFLAGS"] = "",
                ["CGO_ENABLED"] = "0",
                ["GOCACHE"] = Path.Combine(Repository.Checks, "go-cache"),
            }
        );
}
