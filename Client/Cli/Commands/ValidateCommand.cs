using System.CommandLine;
using Layerbench.Cli.Sweeping;
using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Commands;

/// <summary>Checks sweep files and says everything that is wrong with each.</summary>
internal static class ValidateCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Description = "Sweep files.", Arity = ArgumentArity.OneOrMore };
        var set = SharedOptions.Set();
        var python = SharedOptions.Python();
        var command = new DocumentedCommand(
            "validate",
            "Check sweep files; print every error of every file.",
            "layerbench validate sweep.yaml",
            "layerbench validate sweeps/*.yaml"
        )
        {
            files,
            set,
            python,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var usual = await Workplace.FindAsync(parsed.GetValue(python), cancellation);
                List<SpecError> errors = [];
                foreach (var file in parsed.GetValue(files)!)
                {
                    var plugIns = PlugIns.OfFile(file, parsed.GetValue(set)!);
                    var place = plugIns.Any
                        ? await Workplace.FindAsync(parsed.GetValue(python), plugIns, cancellation)
                        : usual;
                    var catalog = place.Catalog.Variants;
                    var result = SweepFile.Load(file, parsed.GetValue(set)!, catalog).Result;
                    foreach (var error in result.Errors)
                    {
                        await terminal.Error.WriteLineAsync($"error: {error.Format(file)}");
                    }

                    if (result.IsValid)
                    {
                        await terminal.Output.WriteLineAsync($"{file}: good, {Cells(result.Spec!, place)}");
                    }
                    else
                    {
                        errors.AddRange(result.Errors);
                    }
                }

                if (errors.Count == 0)
                {
                    return ExitCode.Done;
                }

                foreach (var hint in LoadedSweep.Hint(errors, usual.Catalog.Variants))
                {
                    await terminal.Error.WriteLineAsync($"note: {hint}");
                }

                return ExitCode.BadInput;
            }
        );
        return command;
    }

    private static string Cells(SweepSpec spec, Workplace place)
    {
        var plan = SweepPlan.Create(spec, place.Catalog.Variants);
        return plan.Count is { } count ? Units.Count(count, "cell") : $"at most {Units.Count(plan.Size, "cell")}";
    }
}
