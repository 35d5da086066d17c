using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Passes;

/// <summary>
/// The sequences and labels of an epoch in batches of <c>batch</c>; the last may be smaller. They lie on the device, or
/// with <c>data: host</c> in host memory, from where each batch is copied as it is taken.
/// </summary>
internal sealed class EpochData
{
    private readonly (Tensor X, Tensor Labels)[] stored;

    /// <summary>Where each batch is copied to: views of one buffer, made beforehand as a loader does; null on the device.</summary>
    private readonly (Tensor X, Tensor Labels)[]? landing;

    public EpochData(LayerRun made, AxisValues values, SeededTensors source)
    {
        var (samples, batch) = (values.Integer("samples"), values.Integer("batch"));
        var onHost = values.Text("data") == "host";
        var x = made.Input("x", samples, onHost);
        var labels = (onHost ? source.OnHost : source).Coin("labels", [samples]);
        stored =
        [
            .. Enumerable
                .Range(0, checked((int)((samples + batch - 1) / batch)))
                .Select(k => (First: k * batch, Count: Math.Min(batch, samples - (k * batch))))
                .Select(b => (x.narrow(0, b.First, b.Count), labels.narrow(0, b.First, b.Count))),
        ];
        if (onHost)
        {
            var (buffer, labelBuffer) = (
                torch.empty_like(stored[0].X, device: source.Device),
                torch.empty_like(stored[0].Labels, device: source.Device)
            );
            landing =
            [
                .. stored
                    .Select(b => b.X.shape[0])
                    .Select(count => (buffer.narrow(0, 0, count), labelBuffer.narrow(0, 0, count))),
            ];
        }
    }

    /// <summary>Batches of an epoch.</summary>
    public int Count => stored.Length;

    /// <summary>Batch <paramref name="k"/> on the device, good until the next is taken; not the caller's to dispose of.</summary>
    public (Tensor X, Tensor Labels) Take(int k)
    {
        if (landing is null)
        {
            return stored[k];
        }

        landing[k].X.copy_(stored[k].X);
        landing[k].Labels.copy_(stored[k].Labels);
        return landing[k];
    }
}
