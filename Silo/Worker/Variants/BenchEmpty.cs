using Layerbench.Core.Catalog;
using Layerbench.Worker.Gate;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Variants;

/// <summary>An iteration that does nothing, in every pass: what is timed of it is the harness.</summary>
internal sealed class BenchEmpty : Variant
{
    public override VariantInfo Info { get; } =
        new(
            "bench.empty",
            "Nothing: what is timed is the harness itself",
            "-",
            "layerbench, docs/protocol.md",
            [new("batch", "integer", "without effect", "1", Minimum: 1)],
            [],
            "0",
            "0",
            "0",
            []
        );

    internal override Workload Prepare(Pass pass, AxisValues values, SeededTensors source) => new Idle(source);

    private sealed class Idle(SeededTensors source) : Workload
    {
        private readonly Action nothing = static () => { };

        public override long ParameterCount => 0;

        public override void Run(long iterations)
        {
            for (var i = 0L; i < iterations; i++)
            {
                nothing();
            }
        }

        public override Tensor Output() => torch.empty([0], source.Dtype, source.Device);

        public override string ReferenceKey => "bench.empty";

        public override GateView? Reference(Kinks kinks) => null;

        public override GateView? Yardstick(Kinks kinks) => null;

        public override GateView? Observe(Kinks kinks) => null;

        public override void Dispose() { }
    }
}
