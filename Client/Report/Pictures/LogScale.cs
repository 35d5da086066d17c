namespace Layerbench.Report.Pictures;

/// <summary>From positive numbers to pixels, by their logarithms.</summary>
/// <param name="Least">Drawn at <paramref name="From"/>; below <paramref name="Most"/>.</param>
/// <param name="Most">Drawn at <paramref name="To"/>.</param>
internal sealed record LogScale(double Least, double Most, double From, double To)
{
    private const int FewestTicks = 3;

    private static readonly int[] roundSteps = [1, 2, 5, 10];

    /// <summary>Over numbers, with some room at both ends.</summary>
    /// <param name="room">As a share of the numbers' span.</param>
    public static LogScale Over(IReadOnlyCollection<double> numbers, double from, double to, double room = 0.05)
    {
        var (least, most) = (numbers.Min(), numbers.Max());
        var margin = least < most ? Math.Pow(most / least, room) : 2;
        return new(least / margin, most * margin, from, to);
    }

    public double At(double number) => From + (To - From) * Math.Log(number / Least) / Math.Log(Most / Least);

    /// <summary>Round numbers, a few: decades, these with their doubles and halves, or even steps, whichever first are enough.</summary>
    public IReadOnlyList<double> Ticks() =>
        new[] { Decades(1), Decades(1, 2, 5) }.FirstOrDefault(t => t.Count >= FewestTicks) ?? EvenSteps();

    private List<double> Decades(params double[] digits)
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(Least)), (int)Math.Ceiling(Math.Log10(Most)));
        return
        [
            .. Enumerable
                .Range(first, last - first + 1)
                .SelectMany(power => digits.Select(d => d * Math.Pow(10, power)))
                .Where(tick => tick >= Least && tick <= Most),
        ];
    }

    private List<double> EvenSteps()
    {
        var wanted = (Most - Least) / (FewestTicks + 1);
        var power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        var step = roundSteps.Select(d => d * power).First(s => s >= wanted);
        var (first, last) = (Math.Ceiling(Least / step), Math.Floor(Most / step));
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(n => (first + n) * step)];
    }
}
