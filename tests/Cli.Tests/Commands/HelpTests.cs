namespace Layerbench.Cli.Tests.Commands;

public class HelpTests
{
    private static readonly string[] Commands =
    [
        "run",
        "plan",
        "validate",
        "results",
        "analyze",
        "compare",
        "report",
        "runs",
        "variants",
        "devices",
        "doctor",
        "init",
        "schema",
        "completions",
        "submit",
        "watch",
        "status",
        "pause",
        "resume",
        "cancel",
        "rerun",
        "nodes",
        "drain",
        "token",
    ];

    [Fact]
    public async Task HelpNamesEveryCommandAndTheExitCodes()
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync("--help");

        ran.ExitCode.ShouldBe(0);
        foreach (var command in Commands)
        {
            ran.Output.ShouldContain($"\n  {command} ");
        }

        ran.Output.ShouldContain("\n  run [FILE] ");
        ran.Output.ShouldContain("\n  compare A B ");
        ran.Output.ShouldContain("130  interrupted");
        ran.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryCommandsHelpHasExamples()
    {
        using var folder = new ScratchFolder();
        foreach (var command in Commands)
        {
            var ran = await folder.Command.RunAsync(command, "--help");

            ran.ExitCode.ShouldBe(0);
            ran.Output.ShouldContain($"Examples:\n");
        }
    }

    [Fact]
    public async Task NoCommandAtAllIsHelp()
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync();

        ran.ExitCode.ShouldBe(0);
        ran.Output.ShouldContain("Usage:");
    }

    [Fact]
    public async Task AnUnknownCommandIsNamedWithTheOneThatWasMeant()
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync("validat", "x.yaml");

        ran.ExitCode.ShouldBe(2);
        ran.ErrorLines[0].ShouldBe("error: 'validat' is no command of layerbench; did you mean 'validate'?");
        ran.ErrorLines[^1].ShouldBe("see: layerbench --help");
        ran.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnUnknownOptionIsNamedWithTheOneThatWasMeant()
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync("init", "--froce");

        ran.ExitCode.ShouldBe(2);
        ran.ErrorLines.ShouldBe([
            "error: '--froce' is no option of layerbench init; did you mean '--force'?",
            "see: layerbench init --help",
        ]);
    }

    [Fact]
    public async Task WhatIsMissingIsNamedWithWhatItIs()
    {
        using var folder = new ScratchFolder();

        var one = await folder.Command.RunAsync("compare", "a");
        var both = await folder.Command.RunAsync("compare");

        one.ErrorLines.ShouldBe([
            "error: layerbench compare: B is missing: the output folder of the run in question",
            "see: layerbench compare --help",
        ]);
        both.ErrorLines[0].ShouldStartWith("error: layerbench compare: A is missing: ");
        both.ErrorLines.Length.ShouldBe(3);
    }

    [Fact]
    public async Task TheVersionIsANumber()
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync("--version");

        ran.ExitCode.ShouldBe(0);
        ran.Output.ShouldMatch(@"^\d+\.\d+\.\d+\S*\n$");
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task ACompletionScriptAsksTheCommandItself(string shell)
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync("completions", shell);

        ran.ExitCode.ShouldBe(0);
        ran.Output.ShouldContain("[suggest:");
    }

    [Fact]
    public async Task SuggestionsAreTheWordsThatCouldComeNext()
    {
        using var folder = new ScratchFolder();

        var commands = await folder.Command.RunAsync("[suggest:13]", "layerbench va");
        var shells = await folder.Command.RunAsync("[suggest:23]", "layerbench completions ");

        commands.OutputLines.ShouldBe(["validate", "variants"]);
        shells.OutputLines.ShouldBe(["--help", "-?", "-h", "bash", "fish", "zsh"], ignoreOrder: true);
    }
}
