using System.Globalization;

namespace Layerbench.Bench.Validity;

/// <summary>A count out of a count, with Wilson's 95% interval (1927, doi:10.1080/01621459.1927.10502953).</summary>
internal readonly record struct Share(int Count, int Of)
{
    public static Share Where<T>(IEnumerable<T> items, Func<T, bool> holds)
    {
        var list = items.ToList();
        return new(list.Count(holds), list.Count);
    }

    public double Low => Bound(-1);

    public double High => Bound(1);

    public override string ToString() =>
        Of == 0
            ? "none measured"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Count}/{Of} {100.0 * Count / Of:N1}% [{100 * Low:N1}, {100 * High:N1}]"
            );

    private double Bound(int side)
    {
        const double z = 1.959963984540054;
        double n = Of,
            p = Count / n;
        var centre = p + z * z / (2 * n);
        var half = z * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return Math.Clamp((centre + side * half) / (1 + z * z / n), 0, 1);
    }
}
