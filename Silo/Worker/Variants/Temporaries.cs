namespace Layerbench.Worker.Variants;

/// <summary>Lets a layer be written as its equation reads and still free what it does not need any more.</summary>
public static class Temporaries
{
    /// <summary>
    /// Applies the operation and disposes of its operand at once, as Python's reference counts do in a nested call: a
    /// temporary that lived to the end of the layer would count in its peak memory and cost its caches.
    /// </summary>
    public static Tensor Into(this Tensor operand, Func<Tensor, Tensor> operation)
    {
        var result = operation(operand);
        operand.Dispose();
        return result;
    }
}
