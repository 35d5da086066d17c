namespace Layerbench.Worker.Variants.Mixers;

/// <summary>Masks of what a token must not see.</summary>
internal static class Causality
{
    /// <summary>True at [t, s] where s is after t.</summary>
    public static Tensor Future(long seqLen, torch.Device device)
    {
        using var all = torch.ones([seqLen, seqLen], torch.ScalarType.Bool, device);
        return all.triu(1);
    }
}
