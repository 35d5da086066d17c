using System.CommandLine;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Workers;

namespace Layerbench.Cli.Commands;

/// <summary>Prints the JSON schema of sweep files; names of variants are those of the backends at hand.</summary>
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
        command.SetAction(
            async (_, cancellation) =>
            {
                var catalog = (await WorkerCatalog.DiscoverAsync(WorkerSearch.Default, cancellation)).Variants;
                await terminal.Output.WriteLineAsync(SweepSchema.Write(catalog).TrimEnd());
            }
        );
        return command;
    }
}
