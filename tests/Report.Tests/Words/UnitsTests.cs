using Layerbench.Core.Statistics;
using Layerbench.Report.Words;

namespace Layerbench.Report.Tests;

public class UnitsTests
{
    [Theory]
    [InlineData(1.2345, "1.23 s")]
    [InlineData(12.345, "12.3 s")]
    [InlineData(123.45, "123 s")]
    [InlineData(0.0009996, "1.00 ms")]
    [InlineData(0.00057, "570 µs")]
    [InlineData(2.5e-9, "2.50 ns")]
    [InlineData(double.NaN, "–")]
    public void SecondsHaveThreeDigitsAndAUnit(double seconds, string text) => Units.Seconds(seconds).ShouldBe(text);

    [Fact]
    public void AnIntervalIsGivenInTheUnitOfItsValue() =>
        Units.Seconds(new Interval(0.000995, 0.00098, 0.00101, 6)).ShouldBe("995 µs [980, 1010]");

    [Fact]
    public void AnUnboundedIntervalIsNotShown() =>
        Units.Seconds(new Interval(0.00123, 0, double.PositiveInfinity, 3)).ShouldBe("1.23 ms");

    [Theory]
    [InlineData(0.87, 0.85, 0.89, "0.87× [0.85, 0.89]")]
    [InlineData(0.8712, 0.8704, 0.8721, "0.871× [0.870, 0.872]")]
    [InlineData(12.34, 12.0, 12.7, "12.3× [12.0, 12.7]")]
    [InlineData(0.0123, 0.012, 0.0126, "0.0123× [0.0120, 0.0126]")]
    [InlineData(1.0, 0.98, 1.02, "1.00× [0.98, 1.02]")]
    public void RatiosShowAsManyDecimalsAsTheirIntervalNeeds(double value, double low, double high, string text) =>
        Units.Ratio(new Interval(value, low, high, 6)).ShouldBe(text);

    [Fact]
    public void RoundingDoesNotMoveABoundOntoOne() =>
        Units.Ratio(new Interval(1.03, 1.002, 1.06, 6)).ShouldBe("1.030× [1.002, 1.060]");

    [Fact]
    public void ARatioWithoutAnIntervalIsTheValueAlone() =>
        Units.Ratio(new Interval(0.874, 0, double.PositiveInfinity, 1)).ShouldBe("0.87×");

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(59_768_832, "57.0 MiB")]
    [InlineData(8_589_934_592, "8.00 GiB")]
    public void BytesAreBinary(double bytes, string text) => Units.Bytes(bytes).ShouldBe(text);

    [Fact]
    public void PeakMemoryShowsItsRangeOnlyWhereLaunchesDisagree()
    {
        Units.Bytes(new Interval(59_768_832, 59_768_832, 59_768_832, 3)).ShouldBe("57.0 MiB");
        Units.Bytes(new Interval(59_768_832, 58_720_256, 60_817_408, 3)).ShouldBe("57.0 MiB [56.0, 58.0]");
    }

    [Theory]
    [InlineData(0.4, "0 s")]
    [InlineData(42, "42 s")]
    [InlineData(130, "2 min 10 s")]
    [InlineData(120, "2 min")]
    [InlineData(3900, "1 h 05 min")]
    [InlineData(273_600, "3 d 4 h")]
    public void DurationsAreForPeopleWhoWait(double seconds, string text) =>
        Units.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact]
    public void FlopsScaleUp() => Units.Flops(4_294_967_296).ShouldBe("4.29 GFLOP");
}
