using Layerbench.Core.Protocol;
using Layerbench.Worker.Gate;

namespace Layerbench.Worker.Session;

/// <summary>From an exception to the kind of trouble the protocol knows.</summary>
internal static class Troubles
{
    private static readonly string[] OutOfMemory =
    [
        "out of memory",
        "not enough memory",
        "can't allocate memory",
        "Storage size calculation overflowed",
        "CUBLAS_STATUS_ALLOC_FAILED",
    ];

    // What libtorch says where an operation has no kernel for a dtype, a layout or a device.
    private static readonly string[] Unsupported =
    [
        "not implemented for",
        "Could not run",
        "is not supported",
        "not currently supported",
        "not yet supported",
        "unsupported",
    ];

    public static Reply.Trouble Of(Exception exception, string? cell)
    {
        var cause = exception is VariantException { InnerException: { } inner } ? inner : exception;
        return new(cell, (exception as VariantException)?.Label, Kind(cause), WithoutTrace(cause.Message));
    }

    /// <summary>
    /// After a fault inside a kernel every later call in the process fails the same way; running out of memory is not one.
    /// </summary>
    public static bool IsLostDevice(Exception exception) =>
        exception.Message.Contains("CUDA error", StringComparison.OrdinalIgnoreCase)
        && !exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);

    private static string Kind(Exception exception) =>
        exception switch
        {
            IncorrectException => "incorrect",
            OutOfMemoryException => "oom",
            OverflowException => "oom",
            NotImplementedException or NotSupportedException or EntryPointNotFoundException => "unsupported",
            // Bad requests are errors, whatever words they quote.
            ArgumentException => "error",
            _ when Says(exception, OutOfMemory) => "oom",
            _ when Says(exception, Unsupported) => "unsupported",
            _ => "error",
        };

    private static bool Says(Exception exception, string[] phrases) =>
        phrases.Any(p => exception.Message.Contains(p, StringComparison.OrdinalIgnoreCase));

    /// <summary>libtorch appends a native stack trace.</summary>
    private static string WithoutTrace(string message)
    {
        var trace = message.IndexOf("\nException raised from", StringComparison.Ordinal);
        return trace < 0 ? message : message[..trace];
    }
}
