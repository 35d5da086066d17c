using System.Numerics;

namespace Layerbench.Core.Sweeps;

/// <summary>Holds a design to the axes and makes it a <see cref="Design"/>.</summary>
internal sealed class DesignCheck(
    DesignDraft draft,
    IReadOnlyList<AxisDraft> axes,
    ParameterSet parameters,
    SpecErrors errors
)
{
    /// <summary>Null where something is wrong with it, which is reported.</summary>
    public Design? Settle()
    {
        var before = errors.Count;
        CheckNames();
        Design? design = draft.Kind switch
        {
            "grid" => new Design.Grid(),
            "zip" => Zip(),
            "one_at_a_time" => OneAtATime(),
            "list" => Listed(),
            "random" => new Design.Random(draft.Count),
            "latin_hypercube" => new Design.LatinHypercube(draft.Count),
            _ => null,
        };
        return errors.Count == before ? design : null;
    }

    private IEnumerable<AxisDraft> Several => axes.Where(a => a.Values is { Count: > 1 });

    private void CheckNames()
    {
        foreach (var point in draft.Points.Concat(draft.Centre is null ? [] : [draft.Centre]))
        {
            foreach (var (name, (value, mark)) in point.Values)
            {
                var path = SpecText.Join(point.Path, name);
                var axis = axes.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.Ordinal));
                if (axis is null)
                {
                    errors.Add(
                        path,
                        $"no axis is called '{SpecText.Clip(name)}'"
                            + Suggestion.OrList(name, [.. axes.Select(a => a.Name)]),
                        mark
                    );
                }
                else if (axis.Expression is not null)
                {
                    errors.Add(
                        path,
                        $"'{name}' is the expression '{axis.Expression.Expression.Text}'; remove it here or there",
                        mark
                    );
                }
                else if (ChoiceBinder.IsReserved(name) && axis.Values is { } among && !among.Contains(value))
                {
                    var texts = among.Select(v => v.Canonical).ToArray();
                    errors.Add(
                        path,
                        $"'{value.Canonical}' is not among the values of '{name}' at the top level"
                            + Suggestion.OrList(value.Canonical, texts),
                        mark
                    );
                }
                else
                {
                    AxisBinder.Fit(parameters, name, path, [value], mark, errors);
                }
            }
        }
    }

    private Design.Zip Zip()
    {
        var lengths = Several.Select(a => a.Values!.Count).Distinct().ToArray();
        if (lengths.Length > 1)
        {
            var each = string.Join(", ", Several.Select(a => $"{a.Name} has {a.Values!.Count}"));
            errors.Add(
                draft.Path,
                $"zip takes lists of one length; {each}; give all of them as many values, or one",
                draft.Mark
            );
        }

        return new();
    }

    private Design.OneAtATime OneAtATime()
    {
        var centre = draft.Centre!;
        var missing = Several.Where(a => !centre.Values.ContainsKey(a.Name)).ToArray();
        if (missing.Length > 0)
        {
            errors.Add(
                centre.Path,
                $"the centre lacks {string.Join(", ", missing.Select(m => m.Name))}, which "
                    + $"{(missing.Length == 1 ? "has" : "have")} several values; add e.g. "
                    + $"'{missing[0].Name}: {missing[0].Values![0].Canonical}'",
                centre.Mark
            );
        }

        return new(centre.Values.ToDictionary(v => v.Key, v => v.Value.Value, StringComparer.Ordinal));
    }

    private Design.List Listed()
    {
        var names = draft.Names.Union(Several.Select(a => a.Name)).ToArray();
        var points = new List<IReadOnlyDictionary<string, AxisValue>>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < draft.Points.Count; i++)
        {
            var given = draft.Points[i];
            var point = new SortedDictionary<string, AxisValue>(StringComparer.Ordinal);
            foreach (var name in names)
            {
                if (given.Values.TryGetValue(name, out var value))
                {
                    point.Add(name, value.Value);
                }
                else if (axes.FirstOrDefault(a => a.Name == name)?.Values is [var only] && !FromList(name))
                {
                    point.Add(name, only);
                }
                else
                {
                    errors.Add(
                        given.Path,
                        $"lacks '{name}', which other points or the axes give several values; add it",
                        given.Mark
                    );
                }
            }

            var key = string.Join('\n', point.Select(v => $"{v.Key}={v.Value.Canonical}"));
            if (!seen.TryAdd(key, i))
            {
                errors.Add(
                    given.Path,
                    $"is the same point as {draft.Points[seen[key]].Path}; remove one of them",
                    given.Mark
                );
            }

            points.Add(point);
        }

        return new(points);
    }

    /// <summary>Whether the list alone gives the axis its values.</summary>
    private bool FromList(string name) =>
        axes.First(a => string.Equals(a.Name, name, StringComparison.Ordinal))
            .Path.StartsWith(draft.Path, StringComparison.Ordinal);

    /// <summary>Reports a design of more points than the limit, or one that draws more points than there are.</summary>
    public static void CheckSize(
        Design design,
        DesignDraft draft,
        IReadOnlyList<AxisSpec> axes,
        long limit,
        SpecErrors errors
    )
    {
        var grid = PointDesign.GridSize(axes);
        if (design is Design.Random or Design.LatinHypercube)
        {
            var path = $"{draft.Path}.{draft.Kind}.count";
            if (draft.Count > grid)
            {
                errors.Add(
                    path,
                    $"{SpecText.Show(draft.Count)} points cannot be drawn from a grid of {SpecText.Show(grid)}; "
                        + "ask for fewer, or write 'design: grid'",
                    draft.Mark
                );
            }
            else if (grid > PointDesign.LargestGrid)
            {
                errors.Add(
                    draft.Path,
                    $"the grid has {SpecText.Show(grid)} points; at most {SpecText.Show(PointDesign.LargestGrid)} can be drawn from; "
                        + "give the axes fewer values",
                    draft.Mark
                );
            }
        }

        var size = design switch
        {
            Design.Grid => grid,
            Design.Random or Design.LatinHypercube => draft.Count,
            _ => BigInteger.Zero,
        };
        if (size > limit)
        {
            var axesShown = string.Join(
                " x ",
                axes.OfType<AxisSpec.Listed>().Where(a => a.Values.Count > 1).Select(a => $"{a.Name} {a.Values.Count}")
            );
            errors.Add(
                draft.Path,
                $"{(design is Design.Grid ? $"the grid ({axesShown})" : "the design")} has {SpecText.Show(size)} points, before conditions; "
                    + $"at most {SpecText.Show(limit)} are taken; give the axes fewer values, write "
                    + "'design: {random: {count: 1000}}', or raise 'limits: {cells: …}'",
                draft.Mark
            );
        }
    }
}
