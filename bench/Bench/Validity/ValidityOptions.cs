using System.Globalization;

namespace Layerbench.Bench.Validity;

/// <param name="Minutes">Launches are begun for so long.</param>
/// <param name="Hog">Another program burns a CPU in random intervals meanwhile.</param>
/// <param name="Save">File to keep the raw data in, and to go on with; null: none.</param>
/// <param name="Replay">Files to take raw data from instead of measuring; none: measure.</param>
internal sealed record ValidityOptions(
    double Minutes,
    bool Hog,
    string Backend,
    ulong Seed,
    string? Save,
    IReadOnlyList<string> Replay
)
{
    public TimeSpan Time => TimeSpan.FromMinutes(Minutes);

    public const string Usage = """
        Usage: dotnet run -c Release --project bench/Bench -- validity [--short | --long | --minutes N] [--hog]
                 [--backend NAME] [--seed N] [--save FILE] [--replay FILE…]

          --short        launches are begun for 8 minutes (default)
          --long         for 60 minutes
          --minutes N    for N minutes
          --hog          beside a program that burns a CPU in random intervals
          --backend      whose workers are launched (default: torchsharp)
          --seed         of the orders and the hog (default: 1)
          --save FILE    keeps the raw samples, a launch of a cell on each line; where the file is there already, what it
                         has is not measured again: a long campaign can be done in pieces, and killed at any time
          --replay FILE… judges the samples of such files together and measures nothing; runs without and with --hog are
                         shown side by side
        """;

    /// <returns>Null where the arguments are not right; the message then says why.</returns>
    public static ValidityOptions? Read(IReadOnlyList<string> arguments, out string problem)
    {
        var options = new ValidityOptions(8, false, "torchsharp", 1, null, []);
        problem = "";
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var name))
        {
            string? value = null;
            if (name is "--minutes" or "--backend" or "--seed" or "--save" or "--replay" && !rest.TryDequeue(out value))
            {
                problem = $"{name}: has no value; give one";
                return null;
            }

            switch (name)
            {
                case "--short":
                    options = options with { Minutes = 8 };
                    break;
                case "--long":
                    options = options with { Minutes = 60 };
                    break;
                case "--hog":
                    options = options with { Hog = true };
                    break;
                case "--minutes"
                    when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes)
                        && minutes is > 0 and < 1e5:
                    options = options with { Minutes = minutes };
                    break;
                case "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    break;
                case "--backend":
                    options = options with { Backend = value! };
                    break;
                case "--save":
                    options = options with { Save = value };
                    break;
                case "--replay":
                    var files = new List<string> { value! };
                    while (rest.TryPeek(out var next) && !next.StartsWith('-'))
                    {
                        files.Add(rest.Dequeue());
                    }

                    options = options with { Replay = files };
                    break;
                default:
                    problem = $"'{name}{(value is null ? "" : " " + value)}' is not understood";
                    return null;
            }
        }

        return options;
    }
}
