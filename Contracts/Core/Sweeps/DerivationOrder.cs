namespace Layerbench.Core.Sweeps;

/// <summary>The order in which axes that are expressions can be computed from one another.</summary>
internal static class DerivationOrder
{
    /// <summary>Places in <paramref name="axes"/>, each after those it reads; null with the cycle's names where there is none.</summary>
    /// <remarks>Depth first; names that are no axis are left to whoever checks names.</remarks>
    public static IReadOnlyList<int>? Of(
        IReadOnlyList<(string Name, Expression? Expression)> axes,
        out IReadOnlyList<string> cycle
    )
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < axes.Count; i++)
        {
            places[axes[i].Name] = i;
        }

        var order = new List<int>();
        var done = new bool[axes.Count];
        var path = new List<int>();
        for (var i = 0; i < axes.Count; i++)
        {
            if (!Visit(i))
            {
                var start = path.IndexOf(path[^1]);
                cycle = [.. path.Skip(start).Select(p => axes[p].Name)];
                return null;
            }
        }

        cycle = [];
        return order;

        bool Visit(int at)
        {
            if (done[at] || axes[at].Expression is not { } expression)
            {
                return true;
            }

            var repeats = path.Contains(at);
            path.Add(at);
            if (repeats)
            {
                return false;
            }

            foreach (var name in expression.Names)
            {
                if (places.TryGetValue(name, out var next) && !Visit(next))
                {
                    return false;
                }
            }

            path.RemoveAt(path.Count - 1);
            done[at] = true;
            order.Add(at);
            return true;
        }
    }
}
