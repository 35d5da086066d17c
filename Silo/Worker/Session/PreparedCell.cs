using System.Diagnostics;
using System.Runtime.InteropServices;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Devices;
using Layerbench.Worker.Gate;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Learning;
using Layerbench.Worker.Measuring;
using Layerbench.Worker.Passes;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Session;

/// <summary>The inputs and weights of one cell. Its scope stays open from prepare to release, so that it owns every tensor.</summary>
internal sealed class PreparedCell : IDisposable
{
    /// <summary>What an output message may carry of one variant.</summary>
    private const long MaximumOutputElements = 1 << 20;

    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly List<GatedVariant> variants = [];

    private PreparedCell(string name, Pass pass) => (Name, Pass) = (name, pass);

    public string Name { get; }

    public Pass Pass { get; }

    public IReadOnlyList<GatedVariant> Variants => variants;

    /// <exception cref="ArgumentException">The request is not one that can be done; the message says what to give.</exception>
    /// <exception cref="VariantException">A variant could not be made, or is not what it should be.</exception>
    public static (PreparedCell Cell, Reply.Prepared Reply) Prepare(Request.Prepare request, ComputeDevice device)
    {
        var cell = new PreparedCell(request.Cell, Pass.Find(request.Pass));
        try
        {
            var dtype = Dtypes.Find(request.Dtype);
            cell.Build(request, new(request.Seed, dtype, device.Device));
            var start = Stopwatch.GetTimestamp();
            var facts = request.Gate
                ? new CorrectnessGate(Tolerance.Of(dtype, device.UsesTf32)).Check(cell.variants)
                :
                [
                    .. cell.variants.Select(v => new PreparedFacts(
                        v.Label,
                        v.Workload.ParameterCount,
                        null,
                        null,
                        null
                    )),
                ];
            device.Synchronise();
            var gateSeconds = request.Gate ? Stopwatch.GetElapsedTime(start).TotalSeconds : 0;
            return (cell, new(request.Cell, gateSeconds, facts));
        }
        catch
        {
            cell.Dispose();
            throw;
        }
    }

    /// <exception cref="ArgumentException">The pass is of the other kind.</exception>
    public PreparedCell Require(string kind, string instead) =>
        Pass.Info.Kind == kind
            ? this
            : throw new ArgumentException($"pass: '{Pass.Info.Name}' is of kind {Pass.Info.Kind}; send {instead}");

    /// <exception cref="VariantException">Of <see cref="IncorrectException"/>: an output has a NaN or an infinite value.</exception>
    public void RequireFiniteOutputs()
    {
        foreach (var variant in variants)
        {
            using var temporaries = torch.NewDisposeScope();
            VariantException.Blame(
                variant.Label,
                () =>
                    variant.Workload.Output().isfinite().all().item<bool>()
                        ? true
                        : throw new IncorrectException("output: has a NaN or an infinite value.")
            );
        }
    }

    /// <summary>The variants' outputs as little-endian float32.</summary>
    public Reply.Outputs Outputs()
    {
        var shapes = new List<IReadOnlyList<long>>();
        var data = new List<string>();
        foreach (var variant in variants)
        {
            using var temporaries = torch.NewDisposeScope();
            var output = VariantException.Blame(variant.Label, variant.Workload.Output);
            if (output.numel() > MaximumOutputElements)
            {
                throw new VariantException(
                    variant.Label,
                    new ArgumentException(
                        $"output: has {output.numel()} elements, at most {MaximumOutputElements} are sent; ask for a smaller cell."
                    )
                );
            }

            shapes.Add(output.shape);
            var values = output.to(torch.ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
            data.Add(Convert.ToBase64String(MemoryMarshal.AsBytes(values.AsSpan())));
        }

        return new(Name, shapes, data);
    }

    public void Dispose()
    {
        foreach (var variant in variants)
        {
            variant.Workload.Dispose();
        }

        scope.Dispose();
    }

    private void Build(Request.Prepare request, SeededTensors source)
    {
        if (request.Variants is null or { Count: 0 })
        {
            throw new ArgumentException("variants: is empty; give at least one.");
        }

        foreach (var asked in request.Variants)
        {
            variants.Add(VariantException.Blame(asked.Label, () => Build(asked, Pass, source)));
        }
    }

    private static GatedVariant Build(PreparedVariant asked, Pass pass, SeededTensors source)
    {
        var variant = VariantRegistry.Find(asked.Variant);
        var values = new AxisValues(
            asked.Parameters ?? new Dictionary<string, AxisValue>(),
            variant.Info.Axes.Concat(pass.Info.Axes)
        );
        var extra = asked.ExtraWork ?? 0;
        if (pass is QualityPass learning)
        {
            learning.Check(variant, values, extra);
        }

        var workload = variant.Prepare(pass, values, source);
        if (!(extra is >= 0 and <= SideWork.MostShare))
        {
            throw new ArgumentException(
                $"extra_work: {extra} is no share of the variant's time; give 0 to {SideWork.MostShare}."
            );
        }

        return new(asked.Label, asked.Variant, values.ToString(), variant.Info.EqualTo, workload, extra);
    }
}
