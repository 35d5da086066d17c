using Layerbench.Worker.Gate;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;
using TorchSharp.Modules;

namespace Layerbench.Worker.Passes;

/// <summary>An epoch over <c>samples</c> sequences in batches of <c>batch</c>; the last batch may be smaller.</summary>
internal sealed class EpochWorkload : Workload
{
    private readonly LayerRun made;
    private readonly Parameter headWeight;
    private readonly Parameter headBias;
    private readonly Tensor[] leaves;
    private readonly (Tensor X, Tensor Labels)[] batches;

    /// <summary>The first weights, kept where every epoch starts from them; else empty.</summary>
    private readonly Tensor[] first;
    private Adam optimiser;

    public EpochWorkload(LayerVariant variant, AxisValues values, SeededTensors source)
    {
        made = new(variant, values, source, trainable: true);
        var (samples, batch) = (values.Integer("samples"), values.Integer("batch"));
        var features = variant.ItemShape(values).Aggregate(1L, (product, n) => product * n);
        headWeight = made.Weights.Row(WeightSpec.Matrix("head_w", features));
        headBias = made.Weights.Plain(WeightSpec.Bias("head_b", 1));
        leaves = [.. made.Weights.All.Select(w => w.Stored)];
        first = values.Text("state") == "reset" ? [.. leaves.Select(p => p.detach().clone())] : [];
        optimiser = Optimisers.Adam(made.Weights);

        var x = source.Normal("x", made.BatchShape(samples), 0, 1);
        var labels = source.Coin("labels", [samples, 1]);
        batches =
        [
            .. Enumerable
                .Range(0, checked((int)((samples + batch - 1) / batch)))
                .Select(k => (First: k * batch, Count: Math.Min(batch, samples - (k * batch))))
                .Select(b => (x.narrow(0, b.First, b.Count), labels.narrow(0, b.First, b.Count))),
        ];
    }

    /// <summary>Of the layer alone, as the catalogue counts; the head's are the same for every variant.</summary>
    public override long ParameterCount => made.ParameterCount;
    public override string ReferenceKey => made.ReferenceKey;
    public override bool OneIterationPerSample => true;

    public override void BeforeSample()
    {
        if (first.Length == 0)
        {
            return;
        }

        using (torch.NewDisposeScope())
        using (torch.no_grad())
        {
            for (var i = 0; i < leaves.Length; i++)
            {
                leaves[i].copy_(first[i]);
            }
        }

        optimiser.Dispose();
        optimiser = Optimisers.Adam(made.Weights);
    }

    public override void Run(long iterations)
    {
        for (var i = 0L; i < iterations; i++)
        {
            foreach (var (x, labels) in batches)
            {
                Gradients.Drop(leaves);
                using (var y = made.Layer(x, true))
                using (var loss = Loss(y, labels, headWeight, headBias))
                {
                    loss.backward();
                }

                optimiser.step();
            }
        }
    }

    /// <summary>The layer's output for the first batch.</summary>
    public override Tensor Output() => made.Output(batches[0].X);

    /// <summary>
    /// In two stages, so that tokens whose gradient is not determined can be taken out between them: the head's
    /// gradients and the layer's output's, then from there the layer's weights'.
    /// </summary>
    public override GateView? Reference(Kinks kinks)
    {
        var (x, labels) = batches[0];
        var output = made.ReferenceOutput(x, kinks);
        var y = output.detach().requires_grad_(true);
        var weight = headWeight.detach().to(torch.ScalarType.Float64).clone().requires_grad_(true);
        var bias = headBias.detach().to(torch.ScalarType.Float64).clone().requires_grad_(true);
        var target = labels.to(torch.ScalarType.Float64);
        var p = y.reshape(y.shape[0], -1).matmul(weight.t()).add(bias).neg().exp().add(1).reciprocal();
        var loss = target.mul(p.log()).add(target.neg().add(1).mul(p.neg().add(1).log())).mean().neg();
        loss.backward();
        var gradients = made.ReferenceGradients(x, kinks.Masked(y.grad!), withInput: false);
        gradients["head_w"] = weight.grad!.squeeze(0);
        gradients["head_b"] = bias.grad!;
        gradients["y"] = y.grad!;
        return new(output, gradients);
    }

    public override GateView? Observe(Kinks kinks)
    {
        var (x, labels) = batches[0];
        var output = made.Output(x);
        var y = output.detach().requires_grad_(true);
        Loss(y, labels, headWeight, headBias).backward();
        var head = LayerRun.TakeGradients([
            .. made.Weights.All.Where(w => w.Name.StartsWith("head_", StringComparison.Ordinal)),
        ]);
        var gradients = made.Gradients(x, kinks.Masked(y.grad!), withInput: false);
        foreach (var (name, gradient) in head)
        {
            gradients[name] = gradient;
        }

        gradients["y"] = y.grad!;
        return new(output, gradients);
    }

    public override void Dispose() => optimiser.Dispose();

    private static Tensor Loss(Tensor y, Tensor labels, Parameter weight, Parameter bias)
    {
        using var flat = y.flatten(1);
        using var logits = Functional.linear(flat, weight, bias);
        using var probability = logits.sigmoid();
        return Functional.binary_cross_entropy(probability, labels);
    }
}
