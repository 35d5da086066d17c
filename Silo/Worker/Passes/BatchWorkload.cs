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
        var batch = values.Integer("batch");
        X = Made.Input("x", batch).requires_grad_(withInput);
        G = Made.Input("g", backwards ? batch : 0);
    }

    protected LayerRun Made { get; }

    /// <summary>As the layer takes it.</summary>
    protected Tensor X { get; }

    /// <summary>As the layer gives its output.</summary>
    protected Tensor G { get; }

    public override long ParameterCount => Made.ParameterCount;
    public override string ReferenceKey => Made.ReferenceKey;
    public override bool MixesTokens => Made.MixesTokens;

    public override Tensor Output() => Made.Output(X);

    public override GateView? Reference(Kinks kinks) => ByFormula(torch.ScalarType.Float64, kinks, kinks);

    public override GateView? Yardstick(Kinks kinks) => ByFormula(X.dtype, null, kinks);

    public override GateView? Observe(Kinks kinks) =>
        new(Output(), backwards ? Made.Gradients(X, kinks.Masked(Made.Layout.ToLogical(G)), withInput) : []);

    private GateView ByFormula(torch.ScalarType dtype, Kinks? noted, Kinks masking)
    {
        var formula = Made.Formula(dtype);
        var (x, g) = (Made.Layout.ToLogical(X.detach()), Made.Layout.ToLogical(G));
        var output = formula.Output(x, noted);
        return new(output, backwards ? formula.Gradients(x, masking.Masked(g), withInput, masking) : []);
    }
}
