namespace Layerbench.Core;

/// <summary>
/// Something the user gave or the machine lacks, said in one line each: the value, the rule and the repair. A command
/// ends with exit code 2 for it, and with no stack trace.
/// </summary>
/// <param name="notes">What helps to understand the messages, itself no error.</param>
public sealed class BadInputException(
    IReadOnlyList<string> messages,
    Exception? inner = null,
    IReadOnlyList<string>? notes = null
) : Exception(string.Join('\n', messages), inner)
{
    public BadInputException(string message, Exception? inner = null)
        : this([message], inner) { }

    // Null in one that was thrown in another process: it comes with its text alone.
    private readonly IReadOnlyList<string>? kept = messages;
    private readonly IReadOnlyList<string>? notes = notes;

    public IReadOnlyList<string> Messages => kept ?? Message.Split('\n');
    public IReadOnlyList<string> Notes => notes ?? [];
}
