using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Statistics;

namespace Layerbench.Web.Live;

/// <summary>Which map is asked for.</summary>
/// <param name="Variant">Held against its cells' baseline; null: the first.</param>
/// <param name="X">Across; null: the last axis that varies; empty: none.</param>
/// <param name="Y">Down; null: the one before.</param>
/// <param name="At">Values of other axes, by name; those that are not named are all taken together.</param>
internal sealed record MapQuery(string? Variant, string? X, string? Y, IReadOnlyDictionary<string, string> At);

/// <summary>Cells by two axes, each box with how its cells were judged.</summary>
/// <param name="Cells">In all boxes.</param>
public sealed record WinMap(string Variant, MapAxis X, MapAxis Y, IReadOnlyList<MapBox> Boxes, long Cells);

/// <param name="Name">Empty: there is one row, or column.</param>
/// <param name="Values">Of each row or column; <c>1 … 16</c> where several values share one.</param>
public sealed record MapAxis(string Name, IReadOnlyList<string> Values);

/// <param name="X">Column, from 0.</param>
/// <param name="Y">Row, from 0.</param>
/// <param name="Ended">Cells without a comparison: skipped, failed, not timed. Those that train are on no map.</param>
/// <param name="Ratio">Variant ÷ baseline, the geometric mean of the cells that have one; null where none has.</param>
/// <param name="Cell">Its id, where it is one cell alone.</param>
public sealed record MapBox(
    int X,
    int Y,
    long Faster,
    long Slower,
    long Equivalent,
    long Inconclusive,
    long Ended,
    double? Ratio,
    CellId? Cell
);

/// <summary>Makes maps of a picture.</summary>
internal static class WinMaps
{
    /// <summary>Rows or columns of a map at most: more could not be told apart.</summary>
    public const int MostPlaces = 100;

    /// <summary>Null: no cell compares anything yet.</summary>
    /// <exception cref="BadInputException">An axis, a value or a variant is not there; all that is wrong.</exception>
    public static WinMap? Of(SweepPicture picture, MapQuery query)
    {
        if (picture.Compared.Count == 0)
        {
            return null;
        }

        List<string> errors = [];
        var variant = query.Variant ?? picture.Compared[0];
        if (!picture.Compared.Contains(variant, StringComparer.Ordinal))
        {
            errors.Add($"variant: '{variant}' is not compared here; give one of {string.Join(", ", picture.Compared)}");
        }

        var shown = Shown(picture);
        var y = query.Y is null && query.X is null && shown.Count > 1 ? shown[^2] : query.Y;
        var x = query.X ?? shown.LastOrDefault(name => name != y) ?? "";
        y ??= shown.LastOrDefault(name => name != x) ?? "";
        var (across, down) = (Axis(picture, x, "x", errors), Axis(picture, y, "y", errors));
        var fixedAt = At(picture, query.At, errors);
        if (errors.Count > 0)
        {
            throw new BadInputException(errors);
        }

        return Fill(picture, variant, new Places(picture, across), new Places(picture, down), fixedAt);
    }

    /// <summary>
    /// Axes that a map opens over and offers: those of which the compared cells have two values or more. Cells that train
    /// have axes of their own.
    /// </summary>
    public static IReadOnlyList<string> Shown(SweepPicture picture)
    {
        var compared = Enumerable
            .Range(0, picture.Cells.Count)
            .Where(cell => picture.Cells[cell].Findings is { Control: ControlKind.None, Comparisons.Count: > 0 })
            .ToList();
        var varying = picture
            .Axes.Index()
            .Where(a =>
                a.Item.Varies
                && compared
                    .Select(cell => picture.CodeOf(cell, a.Index))
                    .Where(code => code != SweepPicture.NoValue)
                    .Distinct()
                    .Skip(1)
                    .Any()
            )
            .Select(a => a.Item)
            .ToList();
        var free = varying.Where(a => a.Listed).ToList();
        return [.. (free.Count > 0 ? free : varying).Select(a => a.Name)];
    }

    /// <summary>By place of an axis: which of its values is meant.</summary>
    public static IReadOnlyList<(int Axis, int Value)> At(
        SweepPicture picture,
        IReadOnlyDictionary<string, string> at,
        List<string> errors
    )
    {
        List<(int, int)> found = [];
        foreach (var (name, text) in at)
        {
            var axis = picture.AxisAt(name);
            if (axis < 0)
            {
                errors.Add($"at.{name}: is no axis of this sweep; it has {Names(picture)}");
                continue;
            }

            var value = picture.Axes[axis].Values.ToList().FindIndex(v => v.Canonical == text);
            if (value < 0)
            {
                errors.Add($"at.{name}: '{text}' is no value of it here; leave it out for all");
            }

            found.Add((axis, value));
        }

        return found;
    }

    private static WinMap Fill(
        SweepPicture picture,
        string variant,
        Places across,
        Places down,
        IReadOnlyList<(int Axis, int Value)> at
    )
    {
        var boxes = new SortedDictionary<(int Y, int X), Box>();
        var count = 0L;
        for (var cell = 0; cell < picture.Cells.Count; cell++)
        {
            var (result, findings, _, learnt) = picture.Cells[cell];
            if (
                findings.Control != ControlKind.None
                || learnt.Count > 0
                || !result.Labels.Contains(variant, StringComparer.Ordinal)
                || variant == result.Baseline
                || at.Any(a => picture.CodeOf(cell, a.Axis) is not SweepPicture.NoValue and var code && code != a.Value)
                || across.Of(cell) is not { } x
                || down.Of(cell) is not { } y
            )
            {
                continue;
            }

            if (!boxes.TryGetValue((y, x), out var box))
            {
                boxes.Add((y, x), box = new Box());
            }

            count++;
            box.See(
                result.Id,
                picture.Verdicts.Of(result, variant)?.Verdict,
                findings.Comparisons.FirstOrDefault(c => c.Label == variant).Evidence.Ratio.Value
            );
        }

        return new WinMap(variant, across.Axis, down.Axis, [.. boxes.Select(b => b.Value.At(b.Key.X, b.Key.Y))], count);
    }

    private static int? Axis(SweepPicture picture, string name, string key, List<string> errors)
    {
        if (name.Length == 0)
        {
            return null;
        }

        var at = picture.AxisAt(name);
        if (at < 0)
        {
            errors.Add($"{key}: '{name}' is no axis of this sweep; it has {Names(picture)}");
        }

        return at;
    }

    private static string Names(SweepPicture picture) => string.Join(", ", picture.Axes.Select(a => a.Name));

    /// <summary>Rows, or columns: a value each, or several neighbours together where there are too many.</summary>
    private sealed class Places
    {
        private readonly SweepPicture picture;
        private readonly int? axis;
        private readonly int together;

        public Places(SweepPicture picture, int? axis)
        {
            (this.picture, this.axis) = (picture, axis);
            if (axis is not { } at)
            {
                Axis = new MapAxis("", [""]);
                return;
            }

            var of = picture.Axes[at];
            together = (of.Values.Count + MostPlaces - 1) / MostPlaces;
            Axis = new MapAxis(of.Name, [.. of.Values.Chunk(together).Select(Text)]);
        }

        public MapAxis Axis { get; }

        /// <summary>Null: the cell lacks the axis.</summary>
        public int? Of(int cell) =>
            axis is not { } at ? 0
            : picture.CodeOf(cell, at) is not SweepPicture.NoValue and var code ? code / together
            : null;

        private static string Text(AxisValue[] values) =>
            values.Length == 1
                ? values[0].Canonical
                : string.Create(CultureInfo.InvariantCulture, $"{values[0].Canonical} … {values[^1].Canonical}");
    }

    private sealed class Box
    {
        private readonly long[] verdicts = new long[Enum.GetValues<Verdict>().Length];
        private long ended;
        private long cells;
        private double logs;
        private long ratios;
        private CellId? only;

        public void See(CellId id, Verdict? verdict, double ratio)
        {
            only = cells++ == 0 ? id : null;
            if (verdict is not { } judged)
            {
                ended++;
                return;
            }

            verdicts[(int)judged]++;
            if (double.IsFinite(ratio) && ratio > 0)
            {
                logs += Math.Log(ratio);
                ratios++;
            }
        }

        public MapBox At(int x, int y) =>
            new(
                x,
                y,
                verdicts[(int)Verdict.Faster],
                verdicts[(int)Verdict.Slower],
                verdicts[(int)Verdict.Equivalent],
                verdicts[(int)Verdict.Inconclusive],
                ended,
                ratios == 0 ? null : Math.Round(Math.Exp(logs / ratios), 6),
                only
            );
    }
}
