using System.Globalization;

namespace Layerbench.Core.Sweeps;

/// <summary><c>{range: {from, to, step}}</c> and <c>{log_range: {from, to, count}}</c> or <c>{…, base}</c>.</summary>
internal static class RangeReader
{
    /// <param name="kind">The parameter's kind, or null for an axis that the catalogue does not know.</param>
    public static IReadOnlyList<AxisValue>? Read(SpecNode node, string path, string? kind, SpecErrors errors)
    {
        if (SpecMap.Read(node, path, SweepKeys.AxisForms, errors) is not { } map)
        {
            return null;
        }

        var range = map.Find("range");
        var log = map.Find("log_range");
        if (range is null == log is null)
        {
            errors.Add(path, "give either 'range' or 'log_range', or a list of values", node.Mark);
        }

        var linear = range is null ? null : Linear(range, map.PathOf("range"), errors);
        var geometric = log is null ? null : Geometric(log, map.PathOf("log_range"), kind, errors);
        return linear ?? geometric;
    }

    private static List<AxisValue>? Linear(SpecNode node, string path, SpecErrors errors)
    {
        if (SpecMap.Read(node, path, SweepKeys.Range, errors) is not { } map)
        {
            return null;
        }

        var from = Number(map, "from", required: true, errors);
        var to = Number(map, "to", required: true, errors);
        var step = map.Find("step") is null ? 1 : Number(map, "step", required: false, errors);
        if (from is null || to is null || step is null)
        {
            return null;
        }

        if (step <= 0 || to < from)
        {
            errors.Add(
                path,
                $"from {Show(from.Value)} to {Show(to.Value)} in steps of {Show(step.Value)} has no values; "
                    + "'to' must not be below 'from', and 'step' must be above 0",
                node.Mark
            );
            return null;
        }

        if (to.Value - from.Value >= step.Value * AxisBinder.MostValues)
        {
            errors.Add(path, $"has more than {AxisBinder.MostValues} values; take a larger step", node.Mark);
            return null;
        }

        var values = new List<AxisValue>();
        for (var value = from.Value; value <= to.Value; value += step.Value)
        {
            values.Add(Exact(value));
        }

        return values;
    }

    private static List<AxisValue>? Geometric(SpecNode node, string path, string? kind, SpecErrors errors)
    {
        if (SpecMap.Read(node, path, SweepKeys.LogRange, errors) is not { } map)
        {
            return null;
        }

        var from = Number(map, "from", required: true, errors);
        var to = Number(map, "to", required: true, errors);
        var problem = "";
        var count = map.Find("count") is { } c ? SpecText.Integer(c, 2, AxisBinder.MostValues, out problem) : null;
        if (count is null && map.Find("count") is { } bad)
        {
            errors.Add(map.PathOf("count"), problem, bad.Mark);
        }

        var factor = map.Find("base") is null ? null : Number(map, "base", required: false, errors);
        if (map.Find("count") is null == map.Find("base") is null)
        {
            errors.Add(path, "give either 'count' (how many values) or 'base' (the factor between them)", node.Mark);
            return null;
        }

        if (from is null || to is null || (count is null && factor is null))
        {
            return null;
        }

        if (from <= 0 || to <= from || factor <= 1)
        {
            errors.Add(
                path,
                $"from {Show(from.Value)} to {Show(to.Value)}{(factor is null ? "" : $", base {Show(factor.Value)}")} "
                    + "is no log range; 'from' must be above 0, 'to' above 'from' and 'base' above 1",
                node.Mark
            );
            return null;
        }

        var whole = kind is not "real" && from == decimal.Truncate(from.Value) && to == decimal.Truncate(to.Value);
        var values = count is { } n
            ? Spaced((double)from, (double)to, (int)n, whole)
            : Multiplied((double)from, (double)to, (double)factor!.Value, whole);
        if (values.Count > AxisBinder.MostValues)
        {
            errors.Add(path, $"has more than {AxisBinder.MostValues} values; take a larger base", node.Mark);
            return null;
        }

        if (values.GroupBy(v => v).FirstOrDefault(g => g.Count() > 1) is { } twin)
        {
            errors.Add(
                path,
                $"rounds two of its {values.Count} values to {twin.Key.Canonical}; take fewer values or a wider range",
                node.Mark
            );
            return null;
        }

        return values;
    }

    private static List<AxisValue> Spaced(double from, double to, int count, bool whole)
    {
        var values = new List<AxisValue>(count);
        for (var i = 0; i < count; i++)
        {
            // The ends are as written; powers would miss them by a rounding error.
            var value =
                i == 0 ? from
                : i == count - 1 ? to
                : from * Math.Pow(to / from, (double)i / (count - 1));
            values.Add(Rounded(value, whole));
        }

        return values;
    }

    private static List<AxisValue> Multiplied(double from, double to, double factor, bool whole)
    {
        var values = new List<AxisValue>();
        // A last value that misses the end by rounding alone is kept.
        for (var i = 0; values.Count <= AxisBinder.MostValues; i++)
        {
            var value = from * Math.Pow(factor, i);
            if (value > to * (1 + 1e-12))
            {
                break;
            }

            values.Add(Rounded(value, whole));
        }

        return values;
    }

    /// <summary>Ten digits: the last bits of a power differ between machines, and a cell's name must not.</summary>
    private static AxisValue Rounded(double value, bool whole) =>
        whole
            ? AxisValue.Of((long)Math.Round(value, MidpointRounding.AwayFromZero))
            : AxisValue.Of(
                double.Parse(value.ToString("G10", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            );

    private static AxisValue Exact(decimal value) =>
        value == decimal.Truncate(value) ? AxisValue.Of((long)value) : AxisValue.Of((double)value);

    private static decimal? Number(SpecMap map, string key, bool required, SpecErrors errors)
    {
        var node = required ? map.Require(key, $"add e.g. '{key}: 64'", errors) : map.Find(key);
        if (node is null)
        {
            return null;
        }

        var number = SpecText.Decimal(node, out var problem);
        if (number is null)
        {
            errors.Add(map.PathOf(key), problem, node.Mark);
        }

        return number;
    }

    private static string Show(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);
}
