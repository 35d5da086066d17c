using Layerbench.Cli.Views;
using Layerbench.Core;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Statistics;

namespace Layerbench.Cli.Tests.Views;

public class ScalingViewTests
{
    private static readonly Crossover Crossing = new(
        "seq_len",
        "mix.gconv_fft",
        "mix.gconv_direct",
        [("d_model", AxisValue.Of(64)), ("threads", AxisValue.Of(0))],
        121.3,
        96.4,
        1713
    );

    private static string Draw(ScalingReport report) =>
        string.Join(
            '\n',
            ScalingView.Draw(report).Select(part => Terminal.Text(part, Terminal.Unfolded, colour: false))
        );

    [Fact]
    public void ACrossoverIsASentence() =>
        ScalingText
            .Line(Crossing)
            .ShouldBe("mix.gconv_fft passes mix.gconv_direct at seq_len 121 [96.4, 1713], at d_model=64 threads=all");

    [Fact]
    public void ExponentsStandBesideThoseOfTheFlops()
    {
        var fit = new ExponentFit(
            "seq_len",
            "mix.attention",
            [],
            64,
            2048,
            2,
            12,
            new Interval(1.523, 1.504, 1.541, 12),
            1.61,
            new Interval(1.8, double.NegativeInfinity, double.PositiveInfinity, 4),
            null,
            0.134
        );
        var text = Draw(new([fit], [Crossing]));
        text.ShouldContain(
            "seq_len   mix.attention   64 – 2048   1.52 [1.50, 1.54]   1.61       1.80         –          13%"
        );
        text.ShouldContain("mix.gconv_fft passes mix.gconv_direct at seq_len 121");
    }

    [Fact]
    public void ASweepThatIsTooLargeSaysSo() =>
        Draw(new([], [], TooMany: true)).ShouldContain("are fitted to at most 10,000 cells; this sweep has more");

    [Fact]
    public void NothingToSayIsNoLine() => Draw(new([], [])).ShouldBeEmpty();
}
