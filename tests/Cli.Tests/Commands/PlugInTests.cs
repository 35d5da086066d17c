namespace Layerbench.Cli.Tests.Commands;

/// <summary>Plug-ins are described by the real Python worker, without torch, and timed by the simulated backend.</summary>
public class PlugInTests
{
    private const string Mean = """
        from catalogue import Axis, Tensor, Variant

        VARIANT = Variant(
            name="mix.mean",
            summary="mean pooling",
            equation="y_t = 1/seq_len sum_s x_s",
            citation="-",
            axes=(
                Axis("batch", "integer", "sequences", minimum=1),
                Axis("seq_len", "integer", "time steps", minimum=1),
                Axis("d_model", "integer", "features", minimum=1),
            ),
            constraints=(),
            parameters="0",
            forward_flops="batch*seq_len*d_model",
            forward_bytes="8*batch*seq_len*d_model",
        )


        def tensors(p):
            return ()


        def build(p, w, timed):
            return lambda x: x.mean(1, keepdim=True).expand_as(x).contiguous()


        def reference(p, w, x, kink):
            return x.mean(1, keepdim=True).expand_as(x)
        """;

    private const string Sweep = """
        name: mine
        plugins: mine.py
        variants: [mix.attention, mix.mean]
        backend: simulated
        axes: {batch: 2, seq_len: 16, d_model: 64}
        measure: {launches: 6, memory_launches: 0}
        controls: {same: 0, slower: 0}
        """;

    private static CommandLine Prepared(ScratchFolder folder, string plugIn = Mean)
    {
        Directory.CreateDirectory(folder["sub"]);
        folder.Write("sub/mine.py", plugIn);
        folder.Write("sub/mine.yaml", Sweep);
        var command = folder.Command;
        command.Environment["LAYERBENCH_PYTHON"] = FakePython.Write(folder);
        return command;
    }

    [Fact]
    public async Task AVariantOfAFileBesideTheSweepIsMeasured()
    {
        using var folder = new ScratchFolder();
        var ran = await Prepared(folder).RunAsync("run", "sub/mine.yaml", "--out", "o");
        ran.ExitCode.ShouldBe(0, ran.Error);
        ran.Output.ShouldContain("mix.mean, 1 cell: 1 faster.\n");
    }

    [Fact]
    public async Task ARunGoesOnWithTheFileAsItWas()
    {
        using var folder = new ScratchFolder();
        var command = Prepared(folder);
        await command.RunAsync("run", "sub/mine.yaml", "--out", "o");
        File.Delete(folder["sub/mine.py"]);

        var resumed = await command.RunAsync("run", "--resume", "o");

        resumed.ExitCode.ShouldBe(0, resumed.Error);
        resumed.Error.ShouldContain("1 cell, 1 done before");
    }

    [Fact]
    public async Task AFileThatWasEditedMakesAnotherSweep()
    {
        using var folder = new ScratchFolder();
        var command = Prepared(folder);
        await command.RunAsync("run", "sub/mine.yaml", "--out", "o");
        folder.Write("sub/mine.py", Mean + "# better\n");

        var again = await command.RunAsync("run", "sub/mine.yaml", "--out", "o");

        again.ExitCode.ShouldBe(0, again.Error);
        again.Error.ShouldNotContain("done before");
        Directory.GetFiles(folder["o/plugins"], "*.py", SearchOption.AllDirectories).Length.ShouldBe(2);
    }

    [Fact]
    public async Task ACopyThatWasChangedIsRefused()
    {
        using var folder = new ScratchFolder();
        var command = Prepared(folder);
        await command.RunAsync("run", "sub/mine.yaml", "--out", "o");
        var copy = Directory.GetFiles(folder["o/plugins"], "*.py", SearchOption.AllDirectories).ShouldHaveSingleItem();
        await File.AppendAllTextAsync(copy, "#", TestContext.Current.CancellationToken);

        var resumed = await command.RunAsync("run", "--resume", "o");

        resumed.ExitCode.ShouldBe(2);
        resumed.Error.ShouldStartWith("error: plugins: 'mine.py' has the SHA-256 ");
        resumed.ErrorLines.Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("1/0", "/sub/mine.py does not load: ZeroDivisionError: division by zero\n")]
    [InlineData("def (", "/sub/mine.py does not load: SyntaxError: ")]
    [InlineData("x = 1", "/sub/mine.py has no VARIANT; give one, as docs/adding-a-variant.md shows\n")]
    public async Task AFileThatDoesNotLoadIsOneError(string plugIn, string error)
    {
        using var folder = new ScratchFolder();
        var planned = await Prepared(folder, plugIn).RunAsync("plan", "sub/mine.yaml");
        planned.ExitCode.ShouldBe(2);
        planned.Error.ShouldContain(error);
        planned.Error.ShouldStartWith("error: plugins: ");
        planned.ErrorLines.Length.ShouldBe(1);
    }

    [Fact]
    public async Task ANameThatIsTakenIsOneError()
    {
        using var folder = new ScratchFolder();
        var command = Prepared(folder, Mean.Replace("mix.mean", "mix.none", StringComparison.Ordinal));
        var planned = await command.RunAsync("validate", "sub/mine.yaml");
        planned.ExitCode.ShouldBe(2);
        planned.Error.ShouldStartWith("error: plugins: 'mix.none' is in ");
        planned.Error.ShouldContain("; rename one\n");
    }

    [Fact]
    public async Task AFileThatLacksAFunctionIsOneError()
    {
        using var folder = new ScratchFolder();
        var command = Prepared(folder, Mean.Replace("def build", "def built", StringComparison.Ordinal));
        (await command.RunAsync("plan", "sub/mine.yaml")).Error.ShouldEndWith(
            "/sub/mine.py: 'mix.mean' has no build; give what docs/adding-a-variant.md names\n"
        );
    }

    [Theory]
    [InlineData("plugins=gone.py", "error: plugins: 'gone.py' does not exist (")]
    [InlineData("plugins=mine.txt", "error: --set: plugins: 'mine.txt' is no plug-in; name a file that ends in .py")]
    public async Task AFileThatIsNotThereIsOneError(string setting, string error)
    {
        using var folder = new ScratchFolder();
        var planned = await Prepared(folder).RunAsync("plan", "sub/mine.yaml", "--set", setting);
        planned.ExitCode.ShouldBe(2);
        planned.Error.ShouldContain(error);
    }
}
