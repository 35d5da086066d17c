namespace Layerbench.Cli.Tests;

/// <summary>
/// A Python that says it has torch: enough for the pytorch worker's description, which does not load it, so that real
/// variants are known on a machine without torch.
/// </summary>
internal static class FakePython
{
    public static string Write(ScratchFolder folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in for Python is a shell script");
        var torch = folder.Write("torch.py", "");
        var python = folder.Write(
            "python",
            $$"""
            #!/bin/sh
            if [ "$1" = -c ]; then
                echo '{"executable": "{{folder["python"]}}", "torch": "{{torch}}"}'
            else
                exec python3 "$@"
            fi

            """
        );
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return python;
    }
}
