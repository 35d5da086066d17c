using System.Diagnostics;

namespace Layerbench.Cli.Tests.Commands;

/// <summary>compare over runs of a real worker, whose variant lies in a folder and changes between them.</summary>
public sealed class TwoBuildsTests : IDisposable
{
    // One that sleeps is slower on any machine, however busy.
    private const string Sleeping = """
        import time
        from dataclasses import replace

        from variants import ffn_dense

        VARIANT = replace(ffn_dense.VARIANT, name="my.ffn", equal_to=())
        tensors, native, logical = ffn_dense.tensors, ffn_dense.native, ffn_dense.logical
        reference = ffn_dense.reference


        def build(p, w, timed):
            forward = ffn_dense.build(p, w, timed)

            def slower(x):
                time.sleep(0.05)
                return forward(x)

            return slower
        """;

    private static readonly string[] Small =
    [
        "--set",
        "measure={launches: 6, memory_launches: 0, blocks: 3, warm_up: {minimum: 0s, maximum: 0s}}",
        "--set",
        "axes.batch=2",
        "--set",
        "axes.seq_len=4",
        "--set",
        "axes.d_model=8",
    ];

    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ASlowerBuildOfTheSameVariantIsExitCodeOne()
    {
        Directory.CreateDirectory(folder["slow"]);
        folder.Write(Path.Combine("slow", "my_ffn.py"), Sleeping);
        await RunAsync("a", Path.Combine(Sweep, "v1"));
        await RunAsync("b", folder["slow"]);

        var slower = await folder.Command.RunAsync("compare", "a", "b", "--markdown");
        var faster = await folder.Command.RunAsync("compare", "b", "a");

        slower.ExitCode.ShouldBe(1, slower.Output + slower.Error);
        slower.OutputLines[0].ShouldBe("| variant | time B ÷ A | verdict |");
        slower.OutputLines[2].ShouldMatch(@"^\| my\.ffn \| .*× \[.*\] \| slower \(p .*\) \|$");
        faster.ExitCode.ShouldBe(0, faster.Output);
    }

    private static string Sweep { get; } = Path.Combine(Repository.Root, "sweeps", "my-layer");

    private async Task RunAsync(string output, string variants)
    {
        var command = folder.Command;
        command.Environment["LAYERBENCH_PYTHON"] = PythonOrSkip();
        command.Environment["LAYERBENCH_EXTRA_VARIANTS"] = variants;
        var ran = await command.RunAsync([
            "run",
            Path.Combine(Sweep, "sweep.yaml"),
            "--quiet",
            "--out",
            output,
            .. Small,
        ]);
        ran.ExitCode.ShouldBe(0, ran.Error);
    }

    private static string PythonOrSkip()
    {
        var chosen = Environment.GetEnvironmentVariable("LAYERBENCH_PYTHON");
        var python = new[] { chosen, "/usr/bin/python3", "python3" }.OfType<string>().FirstOrDefault(HasTorch);
        Assert.SkipWhen(
            python is null,
            "no Python here has torch (tried LAYERBENCH_PYTHON, /usr/bin/python3 and python3)"
        );
        return python!;
    }

    private static bool HasTorch(string python)
    {
        const string probe = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)";
        try
        {
            using var process = Process.Start(python, ["-c", probe]);
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
