using System.Text;

namespace Layerbench.Worker.Tests.PyTorch;

/// <summary>
/// The counter-based generator of docs/protocol.md, written a second time from that page alone, in scalar arithmetic
/// and with another way to the normal distribution: what a worker draws is checked against it.
/// </summary>
internal static class SharedNumbers
{
    public static double Uniform(string name, ulong seed, ulong index)
    {
        unchecked
        {
            var key = Mix(Crc32(name) ^ (uint)seed) ^ Mix((uint)(seed >> 32) + 0x9e3779b9u);
            var h = Mix(Mix((uint)index ^ key) + (uint)(index >> 32));
            return (h + 0.5) / 4294967296.0;
        }
    }

    public static double[] Normals(string name, ulong seed, int count, double deviation = 1, double mean = 0) =>
        [.. Enumerable.Range(0, count).Select(i => mean + deviation * InverseNormal(Uniform(name, seed, (ulong)i)))];

    /// <summary>Wichura 1988, Algorithm AS 241 (PPND16), doi:10.2307/2347330: 16 digits, no iteration.</summary>
    public static double InverseNormal(double p)
    {
        var q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var r = 0.180625 - q * q;
            return q * Ratio(Middle, MiddleBelow, r);
        }

        var tail = Math.Sqrt(-Math.Log(q < 0 ? p : 1 - p));
        var x = tail <= 5 ? Ratio(Near, NearBelow, tail - 1.6) : Ratio(Far, FarBelow, tail - 5);
        return q < 0 ? -x : x;
    }

    public static uint Crc32(string name)
    {
        var crc = uint.MaxValue;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xedb88320u);
            }
        }

        return ~crc;
    }

    private static uint Mix(uint h)
    {
        unchecked
        {
            h = (h ^ (h >> 16)) * 0x7feb352du;
            h = (h ^ (h >> 15)) * 0x846ca68bu;
            return h ^ (h >> 16);
        }
    }

    private static double Ratio(double[] above, double[] below, double r) =>
        Polynomial(above, r) / Polynomial(below, r);

    private static double Polynomial(double[] highestFirst, double r) =>
        highestFirst.Aggregate(0.0, (sum, c) => sum * r + c);

    private static readonly double[] Middle =
    [
        2.5090809287301226727e+3,
        3.3430575583588128105e+4,
        6.7265770927008700853e+4,
        4.5921953931549871457e+4,
        1.3731693765509461125e+4,
        1.9715909503065514427e+3,
        1.3314166789178437745e+2,
        3.3871328727963666080e+0,
    ];

    private static readonly double[] MiddleBelow =
    [
        5.2264952788528545610e+3,
        2.8729085735721942674e+4,
        3.9307895800092710610e+4,
        2.1213794301586595867e+4,
        5.3941960214247511077e+3,
        6.8718700749205790830e+2,
        4.2313330701600911252e+1,
        1,
    ];

    private static readonly double[] Near =
    [
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e+0,
        3.64784832476320460504e+0,
        5.76949722146069140550e+0,
        4.63033784615654529590e+0,
        1.42343711074968357734e+0,
    ];

    private static readonly double[] NearBelow =
    [
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e+0,
        2.05319162663775882187e+0,
        1,
    ];

    private static readonly double[] Far =
    [
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e+0,
        5.46378491116411436990e+0,
        6.65790464350110377720e+0,
    ];

    private static readonly double[] FarBelow =
    [
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1,
    ];
}
