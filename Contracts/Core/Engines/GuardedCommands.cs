using Layerbench.Core.Access;

namespace Layerbench.Core.Engines;

/// <summary>What a command on a sweep must pass, whichever engine carries it out.</summary>
public static class GuardedCommands
{
    /// <summary>Changes a sweep that is there and the caller's.</summary>
    public static async Task<CommandAnswer> CommandAsync(
        this ISweepEngine engine,
        SweepId sweep,
        SweepCommand command,
        Caller caller,
        CancellationToken cancellation = default
    )
    {
        if (await engine.StatusAsync(sweep, cancellation).ConfigureAwait(false) is not { } status)
        {
            return new CommandAnswer.Unknown();
        }

        if (status.Stage == SweepStage.Unreadable)
        {
            // Whose it is, is not known either.
            return new CommandAnswer.Refused($"'{status.Id}': {status.Reason}");
        }

        if (!caller.MayChange(status.User))
        {
            return new CommandAnswer.NotYours(status.User);
        }

        if (command == SweepCommand.Rerun && status is { Failures: 0, HasEnded: false })
        {
            // As it is where a rerun is under way, and whoever asked for it lost the answer and asks again.
            return new CommandAnswer.Done(status);
        }

        if (Refusal(status, command) is { } reason)
        {
            return new CommandAnswer.Refused(reason);
        }

        if (await engine.ChangeAsync(status, command, cancellation).ConfigureAwait(false) is { } refused)
        {
            return new CommandAnswer.Refused(refused);
        }

        return await engine.StatusAsync(sweep, cancellation).ConfigureAwait(false) is { } now
            ? new CommandAnswer.Done(now)
            : new CommandAnswer.Unknown();
    }

    /// <summary>Commands that the engine takes for a sweep that stands so, and that change something.</summary>
    public static IReadOnlyList<SweepCommand> CommandsOn(this ISweepEngine engine, SweepStatus status) =>
        [
            .. Enum.GetValues<SweepCommand>()
                .Where(c =>
                    Changes(status.Stage, c) && Refusal(status, c) is null && engine.Refusal(status, c) is null
                ),
        ];

    private static bool Changes(SweepStage stage, SweepCommand command) =>
        command switch
        {
            SweepCommand.Pause => stage is SweepStage.Waiting or SweepStage.Running,
            SweepCommand.Resume => stage is SweepStage.Paused,
            SweepCommand.Cancel => stage is SweepStage.Waiting or SweepStage.Running or SweepStage.Paused,
            SweepCommand.Rerun => stage is not SweepStage.Unreadable,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>Why the command does not apply to a sweep in that stage, and what does; null: it may.</summary>
    private static string? Refusal(SweepStatus status, SweepCommand command) =>
        (command, status.Stage) switch
        {
            (SweepCommand.Pause or SweepCommand.Resume, SweepStage.Finished) =>
                $"'{status.Id}' has finished, so there is nothing to {Name(command)}; `layerbench results {status.Id}` shows what came out",
            (SweepCommand.Pause or SweepCommand.Resume, SweepStage.Cancelled) =>
                $"'{status.Id}' is cancelled; submit its file again (`layerbench submit FILE`), and it goes on where it was",
            (SweepCommand.Pause or SweepCommand.Resume, SweepStage.Stopped) =>
                $"'{status.Id}' has stopped{(status.Reason is { } why ? $" ({why})" : "")}; submit its file again (`layerbench submit FILE`), and it goes on where it was",
            (SweepCommand.Rerun, _) when status.Failures == 0 =>
                $"no cell of '{status.Id}' was incorrect, failed or poisoned, so there is nothing to run again; to measure all anew, submit it under another name (`layerbench submit FILE --name NAME`)",
            _ => null,
        };

    private static string Name(SweepCommand command) => command == SweepCommand.Pause ? "pause" : "resume";
}
