using System.Diagnostics;
using Layerbench.Core.Results;

namespace Layerbench.Cli;

/// <summary>What the command's exit status says; docs/command.md has the same list.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary><c>compare</c>: some variant became slower.</summary>
    public const int SomeSlower = 1;

    /// <summary>
    /// <c>compare</c>: nothing is known to be slower, and not everything is known to be equivalent or faster.
    /// <c>run</c>: the budget was spent with cells left.
    /// </summary>
    public const int Inconclusive = 4;

    /// <summary>The user can repair it: a sweep file, an option, a folder, a missing program.</summary>
    public const int BadInput = 2;

    /// <summary>The sweep ran to its end; some cells are Incorrect, Failed or Poisoned. <c>cluster status</c>: not all of it is up.</summary>
    public const int SomeCellsFailed = 3;

    /// <summary>An exception nobody expected; sysexits.h's EX_SOFTWARE.</summary>
    public const int Bug = 70;

    /// <summary>128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Of a run that ended so, here or on a cluster.</summary>
    /// <exception cref="BadInputException">A backend cannot be used.</exception>
    public static int Of(RunEnd end, IReadOnlyDictionary<string, long> outcomes, string? reason) =>
        end switch
        {
            RunEnd.BackendUnusable => throw new BadInputException(reason ?? "The backend cannot be used."),
            RunEnd.Interrupted => Interrupted,
            RunEnd.Stopped => SomeCellsFailed,
            RunEnd.Finished or RunEnd.BudgetSpent => outcomes.Any(o =>
                o.Value > 0 && Outcome.Read(o.Key, reason: null).IsFailure
            )
                ? SomeCellsFailed
            : end == RunEnd.BudgetSpent ? Inconclusive
            : Done,
            _ => throw new UnreachableException(),
        };
}
