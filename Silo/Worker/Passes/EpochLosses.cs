namespace Layerbench.Worker.Passes;

/// <summary>The mean loss of each epoch since the weights were made, as Keras tells it: over the sequences, while training.</summary>
/// <remarks>
/// Inside the timed section a step only keeps its loss, a scalar on the device without its graph; it is read when the
/// clock has stopped, so that no step waits for the device.
/// </remarks>
internal sealed class EpochLosses
{
    private readonly List<(Tensor Loss, long Count)> steps = [];
    private readonly List<IReadOnlyList<double?>> epochs = [];

    /// <summary>Points [epoch from 1, loss]; null where it is no number.</summary>
    public IReadOnlyList<IReadOnlyList<double?>> Epochs => epochs;

    /// <summary>An epoch begins; what was kept of one that nobody asked for is forgotten.</summary>
    public void Begin() => steps.Clear();

    /// <param name="loss">Mean over the batch.</param>
    /// <param name="count">Sequences of the batch.</param>
    public void Keep(Tensor loss, long count) => steps.Add((loss.detach(), count));

    /// <summary>The epoch is over; its tensors are still there.</summary>
    public void End()
    {
        var mean = steps.Sum(s => s.Loss.ToDouble() * s.Count) / steps.Sum(s => s.Count);
        epochs.Add([epochs.Count + 1, double.IsFinite(mean) ? mean : null]);
        steps.Clear();
    }
}
