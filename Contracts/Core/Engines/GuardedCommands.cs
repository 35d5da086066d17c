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

        if (!caller.MayChange(status.User))
        {
            return new CommandAnswer.NotYours(status.User);
        }

        if (await engine.ChangeAsync(status, command, cancellation).ConfigureAwait(false) is { } refused)
        {
            return new CommandAnswer.Refused(refused);
        }

        return await engine.StatusAsync(sweep, cancellation).ConfigureAwait(false) is { } now
            ? new CommandAnswer.Done(now)
            : new CommandAnswer.Unknown();
    }
}
