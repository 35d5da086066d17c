using Layerbench.Core.Access;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;

namespace Layerbench.Core.Engines;

/// <summary>
/// The one way to an engine that serves several users, whichever it is: what runs where is its own affair. What a user
/// may do to a sweep is decided by <see cref="GuardedCommands"/> and in submitting; what a role may do, by whoever took the
/// request.
/// </summary>
/// <remarks>Every call that needs the engine throws <see cref="EngineUnavailableException"/> where that does not answer in time.</remarks>
public interface ISweepEngine
{
    /// <summary>What has been measured.</summary>
    IResultIndex Results { get; }

    /// <summary>
    /// Takes a sweep and begins it. The same text and settings are the same sweep, whoever submits them and how often: it
    /// is begun once. Its owner's submission again changes its priority, and goes on where it was cancelled.
    /// </summary>
    Task<SubmitAnswer> SubmitAsync(SweepSubmission submission, Caller caller, CancellationToken cancellation = default);

    /// <summary>What submitting it would find, as far as its text goes; nothing is begun.</summary>
    Task<CheckAnswer> CheckAsync(SweepSubmission submission, CancellationToken cancellation = default);

    /// <summary>The variants that sweeps can name here.</summary>
    Task<VariantCatalog> CatalogAsync(CancellationToken cancellation = default);

    Task<SweepPage> ListAsync(SweepQuery query, CancellationToken cancellation = default);

    /// <summary>Null: there is no such sweep.</summary>
    Task<SweepStatus?> StatusAsync(SweepId sweep, CancellationToken cancellation = default);

    /// <summary>
    /// Why this engine does not carry out a command on a sweep that stands so, beside what
    /// <see cref="GuardedCommands"/> refuses for every engine; null: nothing is known against it.
    /// </summary>
    string? Refusal(SweepStatus status, SweepCommand command);

    /// <summary>Carries out a command of somebody who may give it: <see cref="GuardedCommands.CommandAsync"/>.</summary>
    /// <param name="status">The sweep's, a moment ago.</param>
    /// <returns>Why it does not apply to the sweep; null: done, or it was so already.</returns>
    Task<string?> ChangeAsync(SweepStatus status, SweepCommand command, CancellationToken cancellation = default);

    /// <summary>
    /// What happens, from after an event that was seen, or from a snapshot where that is null or not remembered any more.
    /// Ends with the sweep. Sequences of one epoch are without gaps.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no such sweep.</exception>
    IAsyncEnumerable<SweepEvent> EventsAsync(SweepId sweep, EventId? after, CancellationToken cancellation = default);

    /// <summary>By name.</summary>
    Task<IReadOnlyList<FleetNode>> NodesAsync(CancellationToken cancellation = default);

    /// <summary>Who has had devices of late, most first; empty where sweeps are run one after the other.</summary>
    Task<IReadOnlyList<UserShare>> UsersAsync(CancellationToken cancellation = default);

    /// <summary>True: the node's devices get no more work, what they have they finish. False: they work again.</summary>
    /// <returns>False: there is no such node.</returns>
    Task<bool> DrainAsync(string node, bool drain, CancellationToken cancellation = default);
}

/// <summary>The engine did not answer in time; nothing is known to be wrong with the request.</summary>
/// <param name="message">For the user.</param>
/// <param name="retryAfter">When to ask again.</param>
public sealed class EngineUnavailableException(string message, TimeSpan retryAfter, Exception? inner = null)
    : Exception(message, inner)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
