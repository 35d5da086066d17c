namespace Layerbench.Core.Statistics;

/// <summary>Student's t distribution (Student 1908, doi:10.2307/2331554), through <see cref="IncompleteBeta"/>.</summary>
public static class StudentT
{
    /// <summary>P(|T| ≥ |<paramref name="t"/>|) with <paramref name="freedom"/> degrees of freedom.</summary>
    public static double TwoSidedP(double t, double freedom)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(freedom);
        if (double.IsNaN(t))
        {
            return double.NaN;
        }

        return double.IsInfinity(t) ? 0 : IncompleteBeta.Regularised(freedom / 2, 0.5, freedom / (freedom + t * t));
    }

    /// <summary>The t above which lies half of <paramref name="alpha"/>: the factor of a two-sided interval.</summary>
    public static double Critical(double alpha, double freedom)
    {
        if (alpha is <= 0 or >= 1)
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A level lies between 0 and 1.");
        }

        double low = 0,
            high = 1;
        while (TwoSidedP(high, freedom) > alpha)
        {
            high *= 2;
        }

        // Bisection: the function is monotone, and 200 halvings end at neighbouring doubles.
        for (var i = 0; i < 200 && high - low > 1e-14 * high; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = TwoSidedP(middle, freedom) > alpha ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
