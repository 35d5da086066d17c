using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants;

/// <summary>The values of a variant's and a pass's axes, checked against what the catalogue says of them.</summary>
public sealed class AxisValues
{
    private readonly IReadOnlyDictionary<string, AxisValue> values;

    /// <exception cref="ArgumentException">A value is missing, of another kind or out of its range; all of them are named.</exception>
    internal AxisValues(IReadOnlyDictionary<string, AxisValue> values, IEnumerable<AxisInfo> axes)
    {
        this.values = values;
        var mistakes = axes.Select(Mistake).OfType<string>().ToList();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', mistakes));
        }
    }

    /// <exception cref="KeyNotFoundException">The variant has no such axis.</exception>
    public long Integer(string name) => values[name].Integer;

    public double Real(string name) => values[name].Number;

    public string Text(string name) => values[name].Text;

    public bool Truth(string name) => values[name].Truth;

    /// <summary>The values in a canonical order: equal texts are equal points.</summary>
    public override string ToString() =>
        string.Join(' ', values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}"));

    private string? Mistake(AxisInfo axis)
    {
        if (!values.TryGetValue(axis.Name, out var value))
        {
            return $"parameters.{axis.Name}: is missing; give {axis.Summary}.";
        }

        var right = axis.Kind switch
        {
            "integer" => value.IsInteger,
            "real" => value.IsNumber && double.IsFinite(value.Number),
            "text" => value.IsText,
            "truth" => value.IsTruth,
            _ => false,
        };
        if (!right)
        {
            return $"parameters.{axis.Name}: '{value}' is not of kind {axis.Kind}.";
        }

        if (value.IsNumber && (value.Number < axis.Minimum || value.Number > axis.Maximum))
        {
            return $"parameters.{axis.Name}: {value} is out of range; "
                + $"give at least {axis.Minimum}{(axis.Maximum is { } most ? $" and at most {most}" : "")}.";
        }

        return axis.Values is { } closed && !closed.Contains(value.Text)
            ? $"parameters.{axis.Name}: '{value}' is none of {string.Join(", ", closed)}."
            : null;
    }
}
