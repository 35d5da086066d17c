using System.Numerics;

namespace Layerbench.Core.Sweeps;

/// <summary>Turns an index into the values of the listed axes, by arithmetic; no list of points is made.</summary>
internal abstract class PointDesign
{
    /// <summary>A grid that points are drawn from must be countable in 62 bits.</summary>
    public static readonly BigInteger LargestGrid = BigInteger.One << 62;

    private HashSet<long> repeats = [];

    public abstract long Size { get; }

    /// <summary>How many indices give a point that an earlier index gives too.</summary>
    public long Repeated => repeats.Count;

    /// <summary>Whether an earlier index gives the same point.</summary>
    public bool Repeats(long index) => repeats.Count > 0 && repeats.Contains(index);

    /// <summary>Sets the places of the listed axes; the others are left as they are.</summary>
    public abstract void Fill(long index, AxisValue[] point);

    public static BigInteger GridSize(IReadOnlyList<AxisSpec> axes) =>
        axes.OfType<AxisSpec.Listed>().Aggregate(BigInteger.One, (size, axis) => size * axis.Values.Count);

    public static PointDesign Create(Design design, IReadOnlyList<AxisSpec> axes, ulong seed)
    {
        var listed = ListedAxis.Of(axes);
        PointDesign points = design switch
        {
            Design.Grid => new GridPoints(listed),
            Design.Zip => new ZipPoints(listed),
            Design.OneAtATime centred => new CentredPoints(listed, centred.Centre),
            Design.List list => new ListedPoints(listed, list.Points),
            Design.Random random => new DrawnPoints(
                new GridPoints(listed),
                random.Count,
                SeededRandom.Derive(seed, "random")
            ),
            Design.LatinHypercube cube => new HypercubePoints(listed, cube.Count, seed),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (points is ListedPoints or HypercubePoints)
        {
            points.FindRepeats(listed);
        }

        return points;
    }

    /// <summary>Only the designs whose number of points is bounded can repeat one.</summary>
    private void FindRepeats(ListedAxis[] listed)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var found = new HashSet<long>();
        var point = new AxisValue[listed.Length == 0 ? 0 : listed.Max(a => a.Place) + 1];
        for (var i = 0L; i < Size; i++)
        {
            Fill(i, point);
            if (!seen.Add(string.Join('\n', listed.Select(a => point[a.Place].Canonical))))
            {
                found.Add(i);
            }
        }

        repeats = found;
    }
}

/// <param name="Place">Its place in the point.</param>
internal sealed record ListedAxis(string Name, int Place, AxisValue[] Values)
{
    public static ListedAxis[] Of(IReadOnlyList<AxisSpec> axes) =>
        [
            .. axes.Select((axis, place) => (Axis: axis as AxisSpec.Listed, Place: place))
                .Where(a => a.Axis is not null)
                .Select(a => new ListedAxis(a.Axis!.Name, a.Place, [.. a.Axis.Values])),
        ];
}

/// <summary>Every combination, the last axis changing fastest (mixed radix).</summary>
internal sealed class GridPoints : PointDesign
{
    private readonly ListedAxis[] axes;

    public GridPoints(ListedAxis[] axes)
    {
        this.axes = axes;
        var size = axes.Aggregate(BigInteger.One, (product, axis) => product * axis.Values.Length);
        Size =
            size <= LargestGrid
                ? (long)size
                : throw new ArgumentException(
                    $"The grid has {size} points; at most 2^62 can be counted.",
                    nameof(axes)
                );
    }

    public override long Size { get; }

    public override void Fill(long index, AxisValue[] point)
    {
        for (var i = axes.Length - 1; i >= 0; i--)
        {
            var values = axes[i].Values;
            (index, var digit) = Math.DivRem(index, values.Length);
            point[axes[i].Place] = values[digit];
        }
    }
}

/// <summary>The nth values together.</summary>
internal sealed class ZipPoints(ListedAxis[] axes) : PointDesign
{
    public override long Size { get; } = axes.Length == 0 ? 1 : axes.Max(a => a.Values.Length);

    public override void Fill(long index, AxisValue[] point)
    {
        foreach (var axis in axes)
        {
            point[axis.Place] = axis.Values[axis.Values.Length == 1 ? 0 : index];
        }
    }
}

/// <summary>Index 0 is the centre; then each axis's other values, axis by axis.</summary>
internal sealed class CentredPoints : PointDesign
{
    private readonly ListedAxis[] axes;
    private readonly AxisValue[] centre;
    private readonly AxisValue[][] others;

    public CentredPoints(ListedAxis[] axes, IReadOnlyDictionary<string, AxisValue> given)
    {
        this.axes = axes;
        centre = [.. axes.Select(a => given.TryGetValue(a.Name, out var value) ? value : a.Values[0])];
        others = [.. axes.Select((a, i) => a.Values.Where(v => v != centre[i]).ToArray())];
        Size = 1 + others.Sum(o => (long)o.Length);
    }

    public override long Size { get; }

    public override void Fill(long index, AxisValue[] point)
    {
        for (var i = 0; i < axes.Length; i++)
        {
            point[axes[i].Place] = centre[i];
        }

        var rest = index - 1;
        for (var i = 0; i < axes.Length && rest >= 0; i++)
        {
            if (rest < others[i].Length)
            {
                point[axes[i].Place] = others[i][rest];
            }

            rest -= others[i].Length;
        }
    }
}

/// <summary>The points given; an axis that they do not name keeps its first value.</summary>
internal sealed class ListedPoints(ListedAxis[] axes, IReadOnlyList<IReadOnlyDictionary<string, AxisValue>> points)
    : PointDesign
{
    public override long Size => points.Count;

    public override void Fill(long index, AxisValue[] point)
    {
        var given = points[(int)index];
        foreach (var axis in axes)
        {
            point[axis.Place] = given.TryGetValue(axis.Name, out var value) ? value : axis.Values[0];
        }
    }
}

/// <summary>Points of the grid in a random order, the first of them.</summary>
internal sealed class DrawnPoints(GridPoints grid, long count, ulong seed) : PointDesign
{
    private readonly SeededPermutation order = new(grid.Size, seed);

    public override long Size { get; } = Math.Min(count, grid.Size);

    public override void Fill(long index, AxisValue[] point) => grid.Fill(order.At(index), point);
}

/// <summary>
/// Latin hypercube (McKay, Beckman, Conover 1979, doi:10.2307/1268522): each axis's values are dealt out evenly over
/// the points by a permutation of its own. On short axes points can coincide; those are left out as repeats.
/// </summary>
internal sealed class HypercubePoints(ListedAxis[] axes, long count, ulong seed) : PointDesign
{
    private readonly SeededPermutation[] orders =
    [
        .. axes.Select(a => new SeededPermutation(count, SeededRandom.Derive(seed, "latin_hypercube", a.Name))),
    ];

    public override long Size => count;

    public override void Fill(long index, AxisValue[] point)
    {
        for (var i = 0; i < axes.Length; i++)
        {
            var values = axes[i].Values;
            var stratum = (Int128)orders[i].At(index) * values.Length / count;
            point[axes[i].Place] = values[(int)stratum];
        }
    }
}
