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
    private readonly EpochData data;
    private readonly EpochLosses losses = new();

    private readonly Adam optimiser;
    private readonly FirstState? first;

    public EpochWorkload(LayerVariant variant, AxisValues values, SeededTensors source)
    {
        made = new(variant, values, source, trainable: true);
        var item = variant.ItemShape(values);
        headWeight = made.Weights.Flattened(
            WeightSpec.Matrix("head_w", item.Aggregate(1L, (product, n) => product * n)),
            item,
            made.Layout
        );
        headBias = made.Weights.Plain(WeightSpec.Bias("head_b", 1));
        leaves = [.. made.Weights.All.Select(w => w.Stored)];

        data = new(made, values, source);
        // Last, because its moments are outside the scope: nothing after it can fail and leave them behind.
        optimiser = Optimisers.Adam(made.Weights);
        first = values.Text("state") == "reset" ? new(made.Weights, optimiser) : null;
    }

    /// <summary>Of the layer alone, as the catalogue counts; the head's are the same for every variant.</summary>
    public override long ParameterCount => made.ParameterCount;
    public override string ReferenceKey => made.ReferenceKey;
    public override bool MixesTokens => made.MixesTokens;
    public override bool OneIterationPerSample => true;

    public override void BeforeSample() => first?.Restore();

    public override void AfterSample() => losses.End();

    public override IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double?>>> Series =>
        new Dictionary<string, IReadOnlyList<IReadOnlyList<double?>>> { ["loss"] = losses.Epochs };

    public override void DropGradients() => Gradients.Drop(leaves);

    public override void Run(long iterations)
    {
        for (var i = 0L; i < iterations; i++)
        {
            losses.Begin();
            for (var k = 0; k < data.Count; k++)
            {
                var (x, labels) = data.Take(k);
                Gradients.Drop(leaves);
                using (var y = made.Layer(x, true))
                using (var loss = Loss(y, labels, headWeight, headBias))
                {
                    loss.backward();
                    losses.Keep(loss, x.shape[0]);
                }

                optimiser.step();
            }
        }
    }

    /// <summary>The layer's output for the first batch.</summary>
    public override Tensor Output() => made.Output(data.Take(0).X);

    /// <summary>
    /// In two stages, so that tokens whose gradient is not determined can be taken out between them: the head's
    /// gradients and the layer's output's, then from there the layer's weights'.
    /// </summary>
    public override GateView? Reference(Kinks kinks) => ByFormula(torch.ScalarType.Float64, kinks, kinks);

    public override GateView? Yardstick(Kinks kinks) => ByFormula(headWeight.dtype, null, kinks);

    public override GateView? Observe(Kinks kinks)
    {
        var (x, labels) = data.Take(0);
        var output = made.Output(x);
        var y = made.Layout.ToStored(output).detach().requires_grad_(true);
        Loss(y, labels, headWeight, headBias).backward();
        var head = LayerRun.TakeGradients(Head);
        var upstream = made.Layout.ToLogical(y.grad!);
        var gradients = made.Gradients(x, kinks.Masked(upstream), withInput: false);
        foreach (var (name, gradient) in head)
        {
            gradients[name] = gradient;
        }

        gradients["y"] = upstream;
        return new(output, gradients);
    }

    public override void Dispose() => optimiser.Dispose();

    private GateView ByFormula(torch.ScalarType dtype, Kinks? noted, Kinks masking)
    {
        var (stored, labels) = data.Take(0);
        var x = made.Layout.ToLogical(stored);
        var formula = made.Formula(dtype);
        var output = formula.Output(x, noted);
        var y = output.detach().requires_grad_(true);
        var head = Head.ToDictionary(
            w => w.Name,
            w => w.ToLogical(w.Stored.detach()).to(dtype).clone().requires_grad_(true)
        );
        var (weight, bias) = (head["head_w"], head["head_b"]);
        var lossDtype = dtype == torch.ScalarType.Float64 ? dtype : labels.dtype;
        var target = labels.to(lossDtype);
        var p = y.flatten(1).matmul(weight).add(bias).to(lossDtype).neg().exp().add(1).reciprocal();
        target.mul(p.log()).add(target.neg().add(1).mul(p.neg().add(1).log())).mean().neg().backward();
        var gradients = formula.Gradients(x, masking.Masked(y.grad!), withInput: false, masking);
        gradients["head_w"] = weight.grad!;
        gradients["head_b"] = bias.grad!;
        gradients["y"] = y.grad!;
        return new(output, gradients);
    }

    private IReadOnlyList<Weight> Head =>
        [.. made.Weights.All.Where(w => w.Name.StartsWith("head_", StringComparison.Ordinal))];

    /// <summary>Mean binary cross-entropy of sigmoid(flatten(y)·head_w + head_b), in the labels' dtype.</summary>
    private static Tensor Loss(Tensor y, Tensor labels, Parameter weight, Parameter bias)
    {
        using var flat = y.flatten(1);
        using var product = bias.addmv(flat, weight);
        using var logits = product.to(labels.dtype);
        using var probability = logits.sigmoid();
        return Functional.binary_cross_entropy(probability, labels);
    }
}
