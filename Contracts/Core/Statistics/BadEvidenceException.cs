namespace Layerbench.Core.Statistics;

/// <summary>Launches that no cell can have, so that nothing may be concluded from them; the message says what is wrong.</summary>
public sealed class BadEvidenceException(string message) : ArgumentException(message);
