using System.Security.Cryptography;
using System.Text;

namespace Layerbench.Core.Quality;

/// <summary>
/// Names the trainings that are compared with each other: those whose points differ in <c>learning_rate</c> and
/// <c>trial</c> alone.
/// </summary>
public readonly record struct GroupId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Which trainings belong together.</summary>
public static class TrainingGroup
{
    public const string LearningRate = "learning_rate";
    public const string Trial = "trial";

    /// <summary>The point without the axes that a group runs over, in its order.</summary>
    public static IReadOnlyDictionary<string, AxisValue> PointOf(IEnumerable<KeyValuePair<string, AxisValue>> point)
    {
        var shared = new OrderedDictionary<string, AxisValue>(StringComparer.Ordinal);
        foreach (var (name, value) in point)
        {
            if (name is not (LearningRate or Trial))
            {
                shared[name] = value;
            }
        }

        return shared;
    }

    /// <summary>The first 16 hex digits of a SHA-256 over <c>NAME=VALUE</c> lines in ordinal order of the names.</summary>
    public static GroupId Of(IEnumerable<KeyValuePair<string, AxisValue>> point)
    {
        var text = new StringBuilder("layerbench group 1\n");
        foreach (var (name, value) in PointOf(point).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append('=').Append(value.Canonical).Append('\n');
        }

        return new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8)));
    }

    public static GroupId Of(Cell cell) =>
        Of(cell.Point.Names.Zip(cell.Point.Values, (n, v) => KeyValuePair.Create(n, v)));
}
