namespace Layerbench.Core.Statistics;

/// <summary>
/// The exponent e of y = c·x^e by least squares on logs, over lines that each have a constant c of their own: the within
/// (fixed effects) estimator, Mundlak 1978, doi:10.2307/1913646. Each line's points count by their distance from its
/// middle.
/// </summary>
public static class PowerLaw
{
    /// <param name="lines">Logs of x and y, line by line; one with a single x says nothing of the exponent.</param>
    /// <returns>NaN where no line has two different x.</returns>
    public static double Exponent(IEnumerable<IReadOnlyList<(double X, double Y)>> lines)
    {
        double products = 0,
            squares = 0;
        foreach (var line in lines.Where(l => l.Count > 1))
        {
            var (middleX, middleY) = Middle(line);
            foreach (var (x, y) in line)
            {
                products += (x - middleX) * (y - middleY);
                squares += (x - middleX) * (x - middleX);
            }
        }

        return squares > 0 ? products / squares : double.NaN;
    }

    /// <summary>The largest distance of a point from its line's fitted power law, as a share of the fit: 0.1 is 10% off.</summary>
    public static double Misfit(IEnumerable<IReadOnlyList<(double X, double Y)>> lines, double exponent)
    {
        var worst = 0.0;
        foreach (var line in lines.Where(l => l.Count > 1))
        {
            var (middleX, middleY) = Middle(line);
            foreach (var (x, y) in line)
            {
                worst = Math.Max(worst, Math.Abs(y - middleY - (exponent * (x - middleX))));
            }
        }

        return Math.Exp(worst) - 1;
    }

    private static (double X, double Y) Middle(IReadOnlyList<(double X, double Y)> line) =>
        (line.Average(p => p.X), line.Average(p => p.Y));
}
