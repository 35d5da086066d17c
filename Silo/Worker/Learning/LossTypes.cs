namespace Layerbench.Worker.Learning;

/// <summary>Losses are computed at least in float32.</summary>
internal static class LossTypes
{
    public static Tensor Widened(Tensor logits) =>
        logits.dtype is torch.ScalarType.Float64 ? logits : logits.to(torch.ScalarType.Float32);
}
