namespace Layerbench.Worker.Passes;

internal static class Gradients
{
    /// <summary>
    /// To none, as PyTorch's <c>zero_grad</c> does: TorchSharp's fills with zeros, so that the next backward pass adds
    /// instead of storing, which is other work.
    /// </summary>
    public static void Drop(Tensor[] leaves)
    {
        foreach (var leaf in leaves)
        {
            leaf.grad = null;
        }
    }
}
