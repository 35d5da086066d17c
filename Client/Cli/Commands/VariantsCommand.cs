using System.CommandLine;
using Layerbench.Cli.Views;
using Layerbench.Core.Catalog;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Workers;

namespace Layerbench.Cli.Commands;

/// <summary>Prints the catalogue of the backends at hand.</summary>
internal static class VariantsCommand
{
    public static Command Create(Terminal terminal)
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Only these, or a family such as ffn; all if none is given.",
        };
        var markdown = new Option<bool>("--markdown") { Description = "Print a Markdown table." };
        var python = SharedOptions.Python();
        var command = new DocumentedCommand(
            "variants",
            "List what can be compared, with equations, axes, costs and sources.",
            "layerbench variants",
            "layerbench variants ffn.conv1d",
            "layerbench variants --markdown > variants.md"
        )
        {
            names,
            markdown,
            python,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var search = WorkerSearch.Default with { Python = parsed.GetValue(python) };
                var catalog = (await WorkerCatalog.DiscoverAsync(search, cancellation)).Variants;
                var chosen = Choose(catalog, parsed.GetValue(names) ?? []);
                if (parsed.GetValue(markdown))
                {
                    await terminal.Output.WriteAsync(VariantsView.Markdown(catalog, chosen));
                }
                else
                {
                    var all = chosen.Count == catalog.Variants.Count;
                    terminal.Write(VariantsView.Draw(catalog, chosen, withPasses: all));
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static List<VariantInfo> Choose(VariantCatalog catalog, string[] names)
    {
        if (names.Length == 0)
        {
            return [.. catalog.Variants];
        }

        List<VariantInfo> chosen = [];
        foreach (var name in names)
        {
            var found = catalog.Variants.Where(v => v.Name == name || v.Family == name).ToList();
            if (found.Count == 0)
            {
                var close = Suggestion.OrList(name, [.. catalog.Variants.Select(v => v.Name)]);
                throw new BadInputException($"'{name}' is no variant of the backends at hand{close}");
            }

            chosen.AddRange(found);
        }

        return [.. chosen.Distinct()];
    }
}
