namespace Layerbench.Worker.Gate;

/// <summary>What went wrong, and in which of the cell's variants.</summary>
internal sealed class VariantException(string label, Exception cause) : Exception(cause.Message, cause)
{
    public string Label { get; } = label;

    /// <summary>Does the work; an exception of it comes out with the label.</summary>
    public static T Blame<T>(string label, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is not VariantException)
        {
            throw new VariantException(label, e);
        }
    }
}
