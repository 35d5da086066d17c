using System.Text.Json;

namespace Layerbench.Cli.Tests.Commands;

public class DoctorCommandTests
{
    [Fact]
    public async Task WithoutAPythonItSaysWhatIsMissingAndHowToGetIt()
    {
        using var folder = new ScratchFolder();
        var command = folder.Command;
        command.Environment["PATH"] = "";

        var ran = await command.RunAsync("doctor", "--json");

        ran.ExitCode.ShouldBe(0, ran.Error);
        var report = JsonDocument.Parse(ran.Output).RootElement;
        var backends = report
            .GetProperty("backends")
            .EnumerateArray()
            .ToDictionary(b => b.GetProperty("name").GetString()!);
        backends["pytorch"].GetProperty("health").GetString().ShouldBe("missing");
        backends["pytorch"].GetProperty("fix").GetString().ShouldNotBeNullOrEmpty();
        backends["simulated"].GetProperty("health").GetString().ShouldBe("good");
        report.GetProperty("devices")[0].GetProperty("name").GetString().ShouldBe("cpu");
        report.GetProperty("machine").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task TheReportForPeopleNamesTheEdition()
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync("doctor");

        ran.ExitCode.ShouldBe(0, ran.Error);
        ran.OutputLines[0].ShouldMatch(@"^layerbench \d+\.\d+\.\d+, (full|reduced) edition$");
    }

    [Fact]
    public async Task DevicesAndVariantsAreListed()
    {
        using var folder = new ScratchFolder();

        var devices = await folder.Command.RunAsync("devices");
        var variant = await folder.Command.RunAsync("variants", "sim.cost");
        var markdown = await folder.Command.RunAsync("variants", "sim.cost", "--markdown");
        var unknown = await folder.Command.RunAsync("variants", "sim.cots");

        devices.Output.ShouldContain("\n  cpu ");
        variant.Output.ShouldStartWith("sim.cost  Takes the time it is told to");
        markdown.OutputLines[0].ShouldStartWith("| variant | what it is | equation |");
        markdown.OutputLines[^1].ShouldStartWith("| `sim.cost` | ");
        unknown.ExitCode.ShouldBe(2);
        unknown.Error.ShouldBe("error: 'sim.cots' is no variant of the backends at hand; did you mean 'sim.cost'?\n");
    }
}
