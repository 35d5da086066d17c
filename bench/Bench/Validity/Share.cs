using System.Globalization;
using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>A count out of a count, printed with Wilson's 95% interval.</summary>
internal readonly record struct Share(int Count, int Of)
{
    public static Share Where<T>(IEnumerable<T> items, Func<T, bool> holds)
    {
        var list = items.ToList();
        return new(list.Count(holds), list.Count);
    }

    /// <summary>NaN of nothing.</summary>
    public double Value => (double)Count / Of;

    public override string ToString()
    {
        var (_, _, _, low, high) = Proportion.Of(Count, Of);
        return Of == 0
            ? "none measured"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Count}/{Of} {100 * Value:N1}% [{100 * low:N1}, {100 * high:N1}]"
            );
    }
}
