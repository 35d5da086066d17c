using System.Globalization;

namespace Layerbench.Core;

/// <summary>
/// One value of an axis: an integer, a real number, a text or a truth value. Its <see cref="Canonical"/> text is what
/// is hashed, stored and compared, so it is the same on every machine.
/// </summary>
public readonly record struct AxisValue
{
    private readonly object? value;

    private AxisValue(object value) => this.value = value;

    public static AxisValue Of(long number) => new(number);

    /// <summary>A real number; one that is a whole number below 2^53 becomes an integer, so that 2 and 2.0 are the same value.</summary>
    public static AxisValue Of(double number) =>
        double.IsInteger(number) && Math.Abs(number) < 9007199254740992 ? new((long)number) : new(number);

    public static AxisValue Of(string text) => new(text);

    public static AxisValue Of(bool truth) => new(truth);

    public bool IsNumber => value is long or double;
    public bool IsInteger => value is long;
    public bool IsText => value is string;
    public bool IsTruth => value is bool;

    public long Integer =>
        value is long n ? n : throw new InvalidOperationException($"'{Canonical}' is not an integer.");
    public double Number =>
        value switch
        {
            long n => n,
            double d => d,
            _ => throw new InvalidOperationException($"'{Canonical}' is not a number."),
        };
    public string Text => value as string ?? throw new InvalidOperationException($"'{Canonical}' is not a text.");
    public bool Truth =>
        value is bool b ? b : throw new InvalidOperationException($"'{Canonical}' is not true or false.");

    /// <summary>The invariant text: <c>512</c>, <c>0.1</c>, <c>float32</c>, <c>true</c>.</summary>
    public string Canonical =>
        value switch
        {
            long n => n.ToString(CultureInfo.InvariantCulture),
            double d => d.ToString("R", CultureInfo.InvariantCulture),
            string s => s,
            bool b => b ? "true" : "false",
            _ => "",
        };

    public override string ToString() => Canonical;
}
