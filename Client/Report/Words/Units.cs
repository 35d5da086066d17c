using System.Globalization;
using Layerbench.Core.Statistics;

namespace Layerbench.Report.Words;

/// <summary>Numbers as people read them: three digits, a unit, an interval in the value's own unit.</summary>
public static class Units
{
    private const string Unknown = "–";

    private static readonly (double Size, string Name)[] TimeUnits =
    [
        (1, "s"),
        (1e-3, "ms"),
        (1e-6, "µs"),
        (1e-9, "ns"),
    ];

    private static readonly (double Size, string Name)[] ByteUnits =
    [
        (1L << 50, "PiB"),
        (1L << 40, "TiB"),
        (1L << 30, "GiB"),
        (1L << 20, "MiB"),
        (1L << 10, "KiB"),
        (1, "B"),
    ];

    private static readonly (double Size, string Name)[] FlopUnits =
    [
        (1e18, "EFLOP"),
        (1e15, "PFLOP"),
        (1e12, "TFLOP"),
        (1e9, "GFLOP"),
        (1e6, "MFLOP"),
        (1e3, "kFLOP"),
        (1, "FLOP"),
    ];

    /// <summary><c>1.23 ms [1.20, 1.26]</c>; without an interval (fewer than 6 launches) the value alone.</summary>
    public static string Seconds(Interval seconds) => WithInterval(seconds, TimeUnits);

    public static string Seconds(double seconds) => One(seconds, TimeUnits);

    /// <summary><c>57.0 MiB [56.9, 57.2]</c>, the range over memory launches; one value where they agree.</summary>
    public static string Bytes(Interval bytes)
    {
        var unit = Unit(bytes.Value, ByteUnits);
        var decimals = Decimals(bytes.Value / unit.Size);
        var (low, high) = (Fixed(bytes.Low / unit.Size, decimals), Fixed(bytes.High / unit.Size, decimals));
        return string.Equals(low, high, StringComparison.Ordinal)
            ? Bytes(bytes.Value)
            : $"{Bytes(bytes.Value)} [{low}, {high}]";
    }

    public static string Bytes(double bytes) =>
        bytes < 1024 ? string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B") : One(bytes, ByteUnits);

    public static string Flops(double flops) =>
        flops < 1000 ? string.Create(CultureInfo.InvariantCulture, $"{flops:0} FLOP") : One(flops, FlopUnits);

    /// <summary><c>0.87× [0.85, 0.89]</c>; <c>0.87×</c> where the interval is unbounded.</summary>
    public static string Ratio(Interval ratio)
    {
        var decimals = RatioDecimals(ratio);
        var value = $"{Fixed(ratio.Value, decimals)}×";
        return IsBounded(ratio) ? $"{value} [{Fixed(ratio.Low, decimals)}, {Fixed(ratio.High, decimals)}]" : value;
    }

    /// <summary>How long something takes, for people who wait: <c>42 s</c>, <c>2 min 10 s</c>, <c>1 h 05 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var t = TimeSpan.FromSeconds(Math.Round(Math.Max(0, time.TotalSeconds)));
        return t switch
        {
            { TotalSeconds: < 60 } => Text($"{t.Seconds} s"),
            { TotalMinutes: < 60 } => t.Seconds == 0
                ? Text($"{t.Minutes} min")
                : Text($"{t.Minutes} min {t.Seconds} s"),
            { TotalHours: < 24 } => Text($"{t.Hours} h {t.Minutes:00} min"),
            { TotalDays: < 1000 } => Text($"{t.Days} d {t.Hours} h"),
            _ => Text($"{t.TotalDays / 365.25:N0} years"),
        };
    }

    /// <summary><c>1,234,567</c></summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 cell</c>, <c>2 cells</c>.</summary>
    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : $"{Count(count)} {noun}s";

    public static string Count(long count, string noun, string plural) =>
        count == 1 ? $"1 {noun}" : $"{Count(count)} {plural}";

    public static bool IsBounded(Interval interval) => double.IsFinite(interval.High) && interval.Low > 0;

    private static string WithInterval(Interval interval, (double Size, string Name)[] units)
    {
        var value = One(interval.Value, units);
        if (!IsBounded(interval))
        {
            return value;
        }

        var unit = Unit(interval.Value, units);
        var decimals = Decimals(interval.Value / unit.Size);
        return $"{value} [{Fixed(interval.Low / unit.Size, decimals)}, {Fixed(interval.High / unit.Size, decimals)}]";
    }

    private static string One(double value, (double Size, string Name)[] units)
    {
        if (!double.IsFinite(value))
        {
            return Unknown;
        }

        var unit = Unit(value, units);
        return $"{Fixed(value / unit.Size, Decimals(value / unit.Size))} {unit.Name}";
    }

    // 999.6 is shown as 1.00 of the next unit, not as 1000.
    private static (double Size, string Name) Unit(double value, (double Size, string Name)[] units)
    {
        foreach (var unit in units)
        {
            if (Math.Abs(value) / unit.Size >= 0.9995)
            {
                return unit;
            }
        }

        return units[^1];
    }

    private static int Decimals(double value) =>
        Math.Abs(value) switch
        {
            >= 99.95 => 0,
            >= 9.995 => 1,
            _ => 2,
        };

    // Two decimals, more where the interval is narrower than they can show, or where rounding would move a bound onto 1.
    private static int RatioDecimals(Interval ratio)
    {
        var decimals = ratio.Value switch
        {
            >= 100 => 0,
            >= 10 => 1,
            >= 0.1 => 2,
            >= 0.01 => 3,
            _ => 4,
        };
        if (!IsBounded(ratio))
        {
            return decimals;
        }

        while (decimals < 4 && (IsCoarse(ratio, decimals) || LooksLikeOne(ratio.Low) || LooksLikeOne(ratio.High)))
        {
            decimals++;
        }

        return decimals;

        bool LooksLikeOne(double bound) => bound != 1 && Math.Round(bound, decimals) == 1;
    }

    private static bool IsCoarse(Interval ratio, int decimals)
    {
        var halfWidth = (ratio.High - ratio.Low) / 2;
        return halfWidth > 0 && halfWidth < 0.5 * Math.Pow(10, -decimals);
    }

    private static string Fixed(double value, int decimals) =>
        value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
