namespace Layerbench.Core.Statistics;

/// <summary>
/// The regularised incomplete beta function I_x(a, b), by the continued fraction of DiDonato and Morris 1992
/// (doi:10.1145/131766.131776), evaluated by Lentz's method.
/// </summary>
public static class IncompleteBeta
{
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    /// <param name="x">Below 0 it counts as 0, above 1 as 1.</param>
    public static double Regularised(double a, double b, double x)
    {
        if (x <= 0)
        {
            return 0;
        }

        if (x >= 1)
        {
            return 1;
        }

        // The fraction converges fast below the mean; above it the other tail is computed.
        if (x > (a + 1) / (a + b + 2))
        {
            return 1 - Regularised(b, a, 1 - x);
        }

        const double tiny = 1e-300;
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(1 - x)) / a;
        double f = 1,
            c = 1,
            d = 0;
        for (var i = 0; i <= 1000; i++)
        {
            var m = i / 2;
            var numerator =
                i == 0 ? 1
                : i % 2 == 0 ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 + numerator * d;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + numerator / c;
            c = Math.Abs(c) < tiny ? tiny : c;
            f *= c * d;
            if (Math.Abs(1 - c * d) < 1e-15)
            {
                break;
            }
        }

        return front * (f - 1);
    }

    // Lanczos 1964 with g = 7 and nine coefficients: relative error below 1e-14 for positive arguments.
    private static double LogGamma(double z)
    {
        ReadOnlySpan<double> coefficients =
        [
            0.99999999999980993,
            676.5203681218851,
            -1259.1392167224028,
            771.32342877765313,
            -176.61502916214059,
            12.507343278686905,
            -0.13857109526572012,
            9.9843695780195716e-6,
            1.5056327351493116e-7,
        ];
        if (z < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * z)) - LogGamma(1 - z);
        }

        z -= 1;
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++)
        {
            sum += coefficients[i] / (z + i);
        }

        var t = z + 7.5;
        return 0.5 * Math.Log(2 * Math.PI) + (z + 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}
