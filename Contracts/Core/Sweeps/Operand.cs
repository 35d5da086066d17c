using System.Globalization;

namespace Layerbench.Core.Sweeps;

internal enum OperandKind : byte
{
    Integer,
    Real,
    Text,
    Truth,
}

/// <summary>An intermediate value of an expression: what <see cref="AxisValue"/> is, without a box for each number.</summary>
internal readonly struct Operand
{
    private readonly long bits;
    private readonly string? text;

    private Operand(OperandKind kind, long bits, string? text)
    {
        Kind = kind;
        this.bits = bits;
        this.text = text;
    }

    public OperandKind Kind { get; }

    public static Operand Of(long number) => new(OperandKind.Integer, number, null);

    public static Operand Of(double number) => new(OperandKind.Real, BitConverter.DoubleToInt64Bits(number), null);

    public static Operand Of(bool truth) => new(OperandKind.Truth, truth ? 1 : 0, null);

    public static Operand Of(string text) => new(OperandKind.Text, 0, text);

    public static Operand Of(AxisValue value) =>
        value.IsInteger ? Of(value.Integer)
        : value.IsNumber ? Of(value.Number)
        : value.IsTruth ? Of(value.Truth)
        : Of(value.Text);

    public bool IsNumber => Kind is OperandKind.Integer or OperandKind.Real;
    public long Integer => bits;
    public double Number => Kind == OperandKind.Integer ? bits : BitConverter.Int64BitsToDouble(bits);
    public bool Truth => bits != 0;
    public string Text => text!;

    public AxisValue ToAxisValue() =>
        Kind switch
        {
            OperandKind.Integer => AxisValue.Of(bits),
            OperandKind.Real => AxisValue.Of(Number),
            OperandKind.Text => AxisValue.Of(text!),
            OperandKind.Truth => AxisValue.Of(Truth),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public bool SameKind(in Operand other) => Kind == other.Kind || (IsNumber && other.IsNumber);

    public bool Same(in Operand other) =>
        Kind == OperandKind.Text ? string.Equals(text, other.text, StringComparison.Ordinal)
        : Kind == OperandKind.Truth || (Kind == OperandKind.Integer && other.Kind == OperandKind.Integer)
            ? bits == other.bits
        : Number.Equals(other.Number) || Number == other.Number;

    public override string ToString() =>
        Kind switch
        {
            OperandKind.Integer => bits.ToString(CultureInfo.InvariantCulture),
            OperandKind.Real => Number.ToString("R", CultureInfo.InvariantCulture),
            OperandKind.Text => $"the text '{text}'",
            _ => Truth ? "true" : "false",
        };
}
