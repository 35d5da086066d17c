using System.Globalization;
using Layerbench.Core.Catalog;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Sweeps;

/// <summary>
/// A sweep's cells, by index. A cell is computed when asked for; the plan's memory does not grow with their number.
/// Immutable, so it can be read by many threads.
/// </summary>
public sealed partial class SweepPlan : ICellSource
{
    /// <summary>Plans up to this size are counted exactly where conditions leave points out.</summary>
    public const long LargestCounted = 1_000_000;

    private readonly string[] names;
    private readonly int[] sortedPlaces;
    private readonly (int Place, Expression Expression)[] derived;
    private readonly PointDesign design;
    private readonly ControlSlots controls;
    private readonly Dictionary<string, PlanUse[]> usesByPass;
    private readonly Dictionary<string, Backend> backends;
    private readonly HashSet<string> qualityPasses;
    private readonly ListedAxis[] listed;
    private readonly int passPlace;
    private readonly bool[] none;
    private readonly Lazy<long?> count;

    private SweepPlan(SweepSpec spec, VariantCatalog catalog)
    {
        Spec = spec;
        names = [.. spec.Axes.Select(a => string.Intern(a.Name))];
        sortedPlaces = [.. Enumerable.Range(0, names.Length).OrderBy(i => names[i], StringComparer.Ordinal)];
        design = PointDesign.Create(spec.Design, spec.Axes, spec.Seed);
        passPlace = Array.IndexOf(names, "pass");
        var passes = Passes(spec).Select(name => Pass(catalog, name)).ToList();
        qualityPasses = [.. passes.Where(p => p.IsQuality).Select(p => p.Name)];
        // What is trained has no clock to be checked.
        var anyTimed = qualityPasses.Count < passes.Count;
        controls = new(anyTimed ? spec.Controls : ControlSpec.None, design.Size, spec.Seed);
        var expressions = spec.Axes.Select(a => (a.Name, (a as AxisSpec.Derived)?.Expression)).ToArray();
        var order =
            DerivationOrder.Of(expressions, out var cycle)
            ?? throw new ArgumentException($"The axes {string.Join(" -> ", cycle)} form a circle.", nameof(spec));
        derived = [.. order.Select(place => (place, expressions[place].Expression!))];
        usesByPass = passes.ToDictionary(
            pass => pass.Name,
            pass => MatchedUses(spec, catalog, pass),
            StringComparer.Ordinal
        );
        listed = ListedAxis.Of(spec.Axes);
        none = new bool[names.Length];
        leftAlone = PassAxes.LeftAlone(spec, [.. spec.Variants.Select(v => Known(catalog, v.Variant))], passes);
        merges = leftAlone.Values.Any(alone => alone.Contains(true));
        namesByPass = leftAlone.ToDictionary(
            p => p.Key,
            p => names.Where((_, i) => !p.Value[i]).ToArray(),
            StringComparer.Ordinal
        );
        merged = FindMerged();
        backends = catalog.Backends.ToDictionary(b => b.Backend, b => new Backend(b), StringComparer.Ordinal);
        count = new(CountCells);
    }

    public SweepSpec Spec { get; }

    /// <summary>Indices: the design's points, then the controls.</summary>
    public long Size => Points + controls.Count;

    /// <summary>Points of the design, before conditions.</summary>
    public long Points => design.Size;

    /// <summary>
    /// How many cells there are, controls included: <see cref="Size"/> less repeats where there are no conditions; counted, once, where
    /// there are and the plan has no more than <see cref="LargestCounted"/> points; else null.
    /// </summary>
    public long? Count => count.Value;

    /// <exception cref="ArgumentException">The spec names a variant or pass that the catalogue lacks, or its axes cycle.</exception>
    /// <exception cref="ExpressionException">The catalogue has an expression that cannot be read.</exception>
    public static SweepPlan Create(SweepSpec spec, VariantCatalog catalog) => new(spec, catalog);

    public Cell? At(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        return index < Points ? AtPoint(index) : ControlAt(index);
    }

    private Cell? AtPoint(long index)
    {
        if (!Holds(index))
        {
            return null;
        }

        var values = Resolve(index, out var problem);
        var lookup = Lookup(values);
        var pass = PassOf(values);
        var uses = Array.ConvertAll(usesByPass[pass], use => use.At(lookup));
        var sorted = sortedPlaces.Where(i => IsSet(values[i])).Select(i => (names[i], values[i]));
        var id = CellIdentity.Of(sorted, uses, Spec.Baseline);
        var point =
            problem is null && !merges
                ? new Point(names, values)
                : new Point(
                    problem is null ? namesByPass[pass] : [.. names.Where((_, i) => IsSet(values[i]))],
                    [.. values.Where(IsSet)]
                );
        return new(index, id, point, uses, Spec.Baseline) { IsQuality = qualityPasses.Contains(pass) };
    }

    /// <summary>
    /// FLOPs are the forward pass's times the pass's factor; bytes likewise, scaled by the size of an element (the
    /// catalogue's are for 4 bytes). A cell that is refused costs nothing: it is not run.
    /// </summary>
    public CellCost Cost(Cell cell)
    {
        if (Refusal(cell) is not null)
        {
            return default;
        }

        var lookup = Lookup(Resolve(PointOf(cell), out _));
        var scale = ElementBytes(cell.Dtype) / 4.0;
        var total = new CellCost();
        foreach (var use in Uses(cell))
        {
            var cost = use.CostAt(lookup);
            total = new(
                total.Flops + cost.Flops,
                total.Bytes + (cost.Bytes * scale),
                Math.Max(total.PeakBytes, cost.PeakBytes * scale),
                total.Steps + cost.Steps
            );
        }

        return total;
    }

    public string? Refusal(Cell cell)
    {
        if (FailureAt(PointOf(cell)) is { } failure)
        {
            return failure.Axis is null ? failure.Message : $"{failure.Axis}: {failure.Message}";
        }

        var lookup = Lookup(Resolve(PointOf(cell), out _));
        if (Lacks(cell) is { } lack)
        {
            return lack;
        }

        foreach (var use in Uses(cell))
        {
            if (use.Refusal(lookup) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Bytes of one element, from the digits in the dtype's name: <c>bfloat16</c> has 2.</summary>
    public static int ElementBytes(string dtype)
    {
        var start = dtype.AsSpan().IndexOfAnyInRange('0', '9');
        var digits = start < 0 ? "" : string.Concat(dtype[start..].TakeWhile(char.IsAsciiDigit));
        return
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits is >= 8 and <= 128
            ? bits / 8
            : throw new ArgumentException($"'{dtype}' does not say its size; name it like float32.", nameof(dtype));
    }

    private static VariantInfo Known(VariantCatalog catalog, string name) =>
        catalog.FindVariant(name)
        ?? throw new ArgumentException($"The catalogue has no variant '{name}'.", nameof(name));

    private static PassInfo Pass(VariantCatalog catalog, string name) =>
        catalog.FindPass(name) ?? throw new ArgumentException($"The catalogue has no pass '{name}'.", nameof(name));

    private static IEnumerable<string> Passes(SweepSpec spec) =>
        spec.Axes.OfType<AxisSpec.Listed>().First(a => a.Name == "pass").Values.Select(v => v.Text);

    private string? Lacks(Cell cell)
    {
        if (!backends.TryGetValue(cell.Backend, out var backend))
        {
            return $"the backend {cell.Backend} is not here";
        }

        var missing = cell.Variants.Select(v => v.Variant).FirstOrDefault(v => !backend.Variants.Contains(v));
        return missing is not null ? $"{cell.Backend} has no variant {missing}"
            : !backend.Passes.Contains(cell.Pass) ? $"{cell.Backend} has no pass {cell.Pass}"
            : !backend.Dtypes.Contains(cell.Dtype) ? $"{cell.Backend} has no dtype {cell.Dtype}"
            : null;
    }

    private long? CountCells()
    {
        var someAreNone = merges || (controls.Count > 0 && qualityPasses.Count > 0);
        if (Spec.Conditions.Count == 0 && design.Repeated == 0 && !someAreNone)
        {
            return Size;
        }

        if (Points > LargestCounted)
        {
            return null;
        }

        var cells = 0L;
        for (var i = Points; i < Size; i++)
        {
            cells += ControlPoint(i) is null ? 0 : 1;
        }

        for (var i = 0L; i < Points; i++)
        {
            cells += Holds(i) ? 1 : 0;
        }

        return cells;
    }

    private sealed class Backend(BackendInfo info)
    {
        public HashSet<string> Variants { get; } = [.. info.Variants.Select(v => v.Name)];
        public HashSet<string> Passes { get; } = [.. info.Passes.Select(p => p.Name)];
        public HashSet<string> Dtypes { get; } = [.. info.Dtypes];
    }
}
