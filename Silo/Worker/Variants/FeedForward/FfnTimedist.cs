using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>The same two dense layers once for each time step, as a time-distributed layer is written out.</summary>
internal sealed class FfnTimedist : ExactForm
{
    public override VariantInfo Info { get; } =
        Describe(
            "ffn.timedist",
            "Feed-forward network as two dense layers for each time step",
            "y[:, t] = max(0, x[:, t] W1 + b1) W2 + b2 for every time step t"
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var (w1, b1) = (weights.Linear(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Linear(specs.W2), weights.Plain(specs.B2));
        return (x, _) =>
        {
            var steps = x.unbind(1);
            for (var t = 0; t < steps.Length; t++)
            {
                steps[t] = steps[t]
                    .Into(step => Functional.linear(step, w1, b1))
                    .Into(z => z.relu())
                    .Into(hidden => Functional.linear(hidden, w2, b2));
            }

            var y = torch.stack(steps, 1);
            foreach (var step in steps)
            {
                step.Dispose();
            }

            return y;
        };
    }
}
