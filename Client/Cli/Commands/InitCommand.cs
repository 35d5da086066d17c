using System.CommandLine;

namespace Layerbench.Cli.Commands;

/// <summary>Writes a commented starter sweep.</summary>
internal static class InitCommand
{
    public const string DefaultFile = "sweep.yaml";

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "Where to write it.",
            DefaultValueFactory = _ => DefaultFile,
        };
        var force = new Option<bool>("--force") { Description = "Overwrite a file that is there." };
        var command = new DocumentedCommand(
            "init",
            "Write a commented starter sweep.",
            "layerbench init",
            "layerbench init my-question.yaml && layerbench plan my-question.yaml"
        )
        {
            file,
            force,
        };
        command.SetAction(parsed => Write(terminal, parsed.GetValue(file)!, parsed.GetValue(force)));
        return command;
    }

    /// <summary>The starter sweep's text, embedded in the program.</summary>
    public static string Template()
    {
        using var stream =
            typeof(InitCommand).Assembly.GetManifestResourceStream("starter.yaml")
            ?? throw new InvalidOperationException("The program was built without its starter sweep.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The starter sweep under another name, where that may be a sweep's.</summary>
    public static string Template(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? Template().Replace("name: starter\n", $"name: {name}\n", StringComparison.Ordinal)
            : Template();

    private static int Write(Terminal terminal, string file, bool force)
    {
        try
        {
            using var stream = new FileStream(file, force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            using var writer = new StreamWriter(stream);
            writer.Write(Template(Path.GetFileNameWithoutExtension(file)));
        }
        catch (IOException e) when (!force && File.Exists(file))
        {
            throw new BadInputException(
                $"{file}: is there already and is not overwritten; give another name, or --force to overwrite it",
                e
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{file}: cannot be written: {e.Message}", e);
        }

        terminal.Output.WriteLine($"wrote {file}; next: {OwnName.Value} plan {file}, then {OwnName.Value} run {file}");
        return ExitCode.Done;
    }
}
