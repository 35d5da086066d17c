using Layerbench.Worker.Gate;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Passes;

/// <summary>A pass over one batch <c>x</c>, with the gradient <c>g</c> of the output where it goes backwards.</summary>
internal abstract class BatchWorkload : Workload
{
    private readonly bool backwards;
    private readonly bool withInput;

    /// <param name="backwards">Gradients of the weights are taken.</param>
    /// <param name="withInput">And the input's.</param>
    protected BatchWorkload(
        LayerVariant variant,
        AxisValues values,
        SeededTensors source,
        bool backwards,
        bool withInput
    )
    {
        this.backwards = backwards;
        this.withInput = withInput;
        Made = new(variant, values, source, backwards);
        var shape = Made.BatchShape(values.Integer("batch"));
        X = source.Input("x", shape).requires_grad_(withInput);
        G = source.Input("g", backwards ? shape : [0]);
    }

    protected LayerRun Made { get; }
    protected Tensor X { get; }
    protected Tensor G { get; }

    public override long ParameterCount => Made.ParameterCount;
    public override string ReferenceKey => Made.ReferenceKey;

    public override Tensor Output() => Made.Output(X);

    public override GateView? Reference(Kinks kinks) => ByFormula(torch.ScalarType.Float64, kinks, kinks);

    public override GateView? Yardstick(Kinks kinks) => ByFormula(X.dtype, null, kinks);

    public override GateView? Observe(Kinks kinks) =>
        new(Output(), backwards ? Made.Gradients(X, kinks.Masked(G), withInput) : []);

    private GateView ByFormula(torch.ScalarType dtype, Kinks? noted, Kinks masking)
    {
        var formula = Made.Formula(dtype);
        var output = formula.Output(X, noted);
        return new(output, backwards ? formula.Gradients(X, masking.Masked(G), withInput) : []);
    }
}
