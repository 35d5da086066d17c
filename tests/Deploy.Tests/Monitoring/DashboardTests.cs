using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Monitoring;

/// <summary>The four dashboards.</summary>
public class DashboardTests
{
    [Fact]
    public void ThereAreFourWithNamesOfTheirOwn()
    {
        MonitoringFiles
            .AllDashboards()
            .Select(d => (d.File, d.Content.Text("uid"), d.Content.Text("title")))
            .ShouldBe([
                ("layerbench-control-plane.json", "layerbench-control-plane", "layerbench / Control plane"),
                ("layerbench-fleet.json", "layerbench-fleet", "layerbench / Fleet"),
                ("layerbench-sweep.json", "layerbench-sweep", "layerbench / Sweep"),
                ("layerbench-trust.json", "layerbench-trust", "layerbench / Trust"),
            ]);
    }

    [Fact]
    public async Task TheFilesAreWhatTheirSourceWrites()
    {
        var python = Tool.Need("python3", "apt-get install python3");
        using var scratch = new ScratchFolder();

        var said = await Tool.RunAsync(
            python,
            ["-B", Repository.At("deploy", "grafana", "source", "make.py"), scratch.Path]
        );

        said.ShouldSucceed();
        var written = Directory.GetFiles(scratch.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        written.ShouldBe(MonitoringFiles.AllDashboards().Select(d => d.File));
        foreach (var file in written)
        {
            var committed = await File.ReadAllTextAsync(
                Path.Combine(MonitoringFiles.Dashboards, file!),
                TestContext.Current.CancellationToken
            );
            committed.ShouldBe(
                await File.ReadAllTextAsync(Path.Combine(scratch.Path, file!), TestContext.Current.CancellationToken),
                $"{file}: run deploy/grafana/source/make.py"
            );
        }
    }

    [Fact]
    public void EveryPanelHasADescriptionAndAUnitAndSomethingToShow()
    {
        var panels = MonitoringFiles.AllPanels().ToList();

        panels.Count.ShouldBeGreaterThan(45);
        foreach (var (dashboard, panel) in panels)
        {
            var where = $"{dashboard}, {panel.Text("title")}";
            panel.Text("title").ShouldNotBeNullOrWhiteSpace(where);
            panel.Text("description").ShouldNotBeNull(where).Length.ShouldBeGreaterThan(15, where);
            panel.Text("fieldConfig.defaults.unit").ShouldNotBeNullOrWhiteSpace(where);
            panel.List("targets").ShouldNotBeEmpty(where);
            panel.List("targets").ShouldAllBe(t => t.Text("datasource.uid") == "${datasource}", where);
        }
    }

    [Fact]
    public void PanelsDoNotOverlapAndStayOnThePage()
    {
        foreach (var (file, content) in MonitoringFiles.AllDashboards())
        {
            HashSet<(int X, int Y)> taken = [];
            foreach (var panel in content.List("panels"))
            {
                var (x, y) = (panel.At("gridPos.x")!.GetValue<int>(), panel.At("gridPos.y")!.GetValue<int>());
                var (w, h) = (panel.At("gridPos.w")!.GetValue<int>(), panel.At("gridPos.h")!.GetValue<int>());
                (x + w).ShouldBeLessThanOrEqualTo(24);
                var cells = from i in Enumerable.Range(x, w) from j in Enumerable.Range(y, h) select (i, j);
                cells.Where(c => !taken.Add(c)).ShouldBeEmpty($"{file}, {panel.Text("title")}");
            }
        }
    }

    [Fact]
    public async Task EveryDashboardIsOneByGrafanasTypes()
    {
        var said = await NpmChecks.RunAsync("dashboards.mjs", Files(text => text));

        said.ShouldSucceed();
    }

    [Theory]
    [InlineData("\"mode\": \"absolute\"", "\"mode\": \"absolut\"", "absolut")]
    [InlineData("\"graphTooltip\"", "\"graphToolTip\"", "graphToolTip")]
    [InlineData("\"colorMode\": \"value\"", "\"colorMode\": \"colour\"", "colour")]
    public async Task ADashboardThatIsWrongIsFound(string right, string wrong, string named)
    {
        var said = await NpmChecks.RunAsync(
            "dashboards.mjs",
            Files(text => text.Replace(right, wrong, StringComparison.Ordinal))
        );

        said.ExitCode.ShouldBe(1);
        said.Error.ShouldContain(named);
    }

    [Fact]
    public void LinksBetweenDashboardsLeadToOnesThatAreThereAndSetVariablesThatTheyHave()
    {
        var dashboards = MonitoringFiles.AllDashboards();
        var known = dashboards.ToDictionary(
            d => d.Content.Text("uid")!,
            d => d.Content.List("templating.list").Select(v => v.Text("name")!).ToList()
        );
        var links = MonitoringFiles
            .AllPanels()
            .SelectMany(p => p.Panel.List("fieldConfig.defaults.links"))
            .Select(l => l.Text("url")!)
            .Distinct()
            .ToList();

        links.Count.ShouldBeGreaterThan(2);
        foreach (var link in links)
        {
            var uid = link["/d/".Length..link.IndexOf('?', StringComparison.Ordinal)];
            known.ShouldContainKey(uid, link);
            link.Split('&')
                .Where(p => p.StartsWith("var-", StringComparison.Ordinal))
                .Select(p => p["var-".Length..p.IndexOf('=', StringComparison.Ordinal)])
                .ShouldBeSubsetOf(known[uid], link);
        }
    }

    private static IEnumerable<object> Files(Func<string, string> change) =>
        Directory
            .GetFiles(MonitoringFiles.Dashboards, "*.json")
            .Select(f => new { where = Path.GetFileName(f), text = change(File.ReadAllText(f)) });
}
