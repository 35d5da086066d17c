using System.Globalization;

namespace Layerbench.Engine.Workers;

/// <summary>An exit code in words. A child that a signal killed is reported as 128 plus its number.</summary>
internal static class ExitWords
{
    public static string Of(int code) =>
        (code - 128) switch
        {
            9 => "was killed by signal 9 (out of memory?)",
            6 => "was killed by signal 6 (it called abort: a failed check in native code)",
            11 => "was killed by signal 11 (segmentation fault)",
            7 => "was killed by signal 7 (bus error: a full /dev/shm, or a file that shrank)",
            4 => "was killed by signal 4 (illegal instruction: a library built for another processor)",
            15 => "was killed by signal 15 (somebody asked it to end)",
            > 0 and < 65 and var signal => string.Create(
                CultureInfo.InvariantCulture,
                $"was killed by signal {signal}"
            ),
            _ when code == 0 => "exited with code 0 before its work was done",
            _ => string.Create(CultureInfo.InvariantCulture, $"exited with code {code}"),
        };
}
