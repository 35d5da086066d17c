using Layerbench.Core.Results;
using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class SimulatedSweepTests
{
    [Theory]
    [InlineData("simulated: 300", 300, 0, 16)]
    [InlineData("simulated: 300 spread 1.5", 300, 1.5, 16)]
    [InlineData("simulated: 300 slices 64", 300, 0, 64)]
    [InlineData(" simulated:  7 spread 3 slices 1\n", 7, 3, 1)]
    public void TheTextSaysHowManyCellsAndHowTheyWait(string text, long cells, double spread, int slice) =>
        SimulatedSweep.Read(Of(text)).ShouldBe(new SimulatedSweep(cells, spread, slice));

    [Theory]
    [InlineData("simulated: none")]
    [InlineData("simulated: 0")]
    [InlineData("simulated: 3 spread 4")]
    [InlineData("simulated: 3 slices 0")]
    [InlineData("simulated: 3 slices 1025")]
    [InlineData("simulated: 3 slices")]
    public void ANumberThatIsMissingOrOutOfRangeIsRefused(string text) =>
        Should
            .Throw<ArgumentException>(() => SimulatedSweep.Read(Of(text)))
            .Message.ShouldContain($"'{text}' does not say how many cells; write 'simulated: N'");

    [Fact]
    public void ASweepFileIsNone() => SimulatedSweep.Read(Of("name: s\nvariants: []\n")).ShouldBeNull();

    private static SweepRecord Of(string text) =>
        new(new SweepId("s"), "s", text, Seed: 1, DateTimeOffset.UnixEpoch, "0.1.0");
}
