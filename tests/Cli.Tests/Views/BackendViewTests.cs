using Layerbench.Cli.Views;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Backends;
using Layerbench.Core.Results;

namespace Layerbench.Cli.Tests.Views;

public sealed class BackendViewTests
{
    private readonly BackendAnalysis analysis = new(new AnalysisRule());
    private long index;

    /// <summary>One variant, <c>ffn.dense</c>, in 6 launches of about so many milliseconds, a percent apart.</summary>
    private void See(string backend, long batch, double milliseconds, string device = "cuda:0")
    {
        var made = Made.Result(index++, batch, new Outcome.Completed());
        var cell = made with
        {
            Labels = ["ffn.dense"],
            Point = new Dictionary<string, AxisValue>(made.Point) { ["backend"] = AxisValue.Of(backend) },
            Device = new DeviceId(device),
        };
        LaunchRecord[] launches =
        [
            .. Enumerable
                .Range(0, 6)
                .Select(n => new LaunchRecord(
                    cell.Id,
                    LaunchKind.Time,
                    n,
                    1,
                    new DeviceId(device),
                    new FingerprintId(backend),
                    Made.Noon,
                    0,
                    1,
                    TimeSpan.Zero,
                    new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
                    Steady: true,
                    [],
                    [new Sample(0, 0, 0, 1, (long)(1e6 * milliseconds * (1 + n / 100.0)), 0, null, 0, 0)],
                    []
                )),
        ];
        analysis.See(cell, Made.Findings(Made.Estimate(milliseconds, 1)), launches);
    }

    private string[] Draw(params CanaryRecord[] canaries) =>
        [
            .. BackendView
                .Draw(analysis.Conclude(canaries))
                .SelectMany(part => Terminal.Text(part, Terminal.Unfolded, colour: false).Split('\n'))
                .Select(line => line.Trim())
                .Where(line => line.Length > 0),
        ];

    [Fact]
    public void ARatioStandsWithItsPointAndBothBackends()
    {
        See("pytorch", 8, 1);
        See("pytorch", 16, 2);
        See("torchsharp", 8, 2);
        See("torchsharp", 16, 3);

        var lines = Draw();

        lines.ShouldContain(l =>
            l.StartsWith("batch   variant     backends               time ratio", StringComparison.Ordinal)
        );
        lines.ShouldContain("8       ffn.dense   torchsharp ÷ pytorch   2.00× [1.94, 2.06]");
        lines.ShouldContain("16      ffn.dense   torchsharp ÷ pytorch   1.50× [1.46, 1.54]");
        lines.ShouldContain("ffn.dense, torchsharp ÷ pytorch over 2 cells: 1.75 at the median, from 1.5 to 2");
        lines[^1].ShouldStartWith("not interleaved: ");
    }

    [Theory]
    [InlineData(100, "1.00×: the machine was much the same for both")]
    [InlineData(
        80,
        "1.25×: the machine, or the backends' own libraries, account for so much; on the same libraries it was the machine"
    )]
    public void TheCanariesStandBesideTheRatios(double rate, string words)
    {
        See("pytorch", 8, 1);
        See("torchsharp", 8, 2);
        Draw(Canary("pytorch", 100), Canary("torchsharp", rate))
            .ShouldContain($"canaries, torchsharp ÷ pytorch, in time: product of matrices {words}");
    }

    private static CanaryRecord Canary(string backend, double rate) =>
        new(new DeviceId("cuda:0"), new FingerprintId(backend), Made.Noon, Made.Noon, CanaryPlace.First, rate, null);

    [Fact]
    public void CellsOfTwoDevicesSayWhich()
    {
        See("pytorch", 8, 1);
        See("torchsharp", 8, 2, device: "cuda:1");
        Draw()
            .ShouldContain(l => l.Contains("torchsharp ÷ pytorch   cuda:1, cuda:0   2.00×", StringComparison.Ordinal));
    }

    [Fact]
    public void CellsWithoutATwinAreCounted()
    {
        See("pytorch", 8, 1);
        See("torchsharp", 16, 2);
        Draw()
            .ShouldBe([
                "not paired: 2 cells measured in one backend alone, 0 variants with other sizes, another clock or no time in one of them",
            ]);
    }

    [Fact]
    public void WhatIsMoreThanThirtyRowsIsReadFromAFile()
    {
        for (var batch = 1; batch <= 31; batch++)
        {
            See("pytorch", batch, 1);
            See("torchsharp", batch, 1);
        }

        var lines = Draw();
        lines.Count(l => l.Contains("torchsharp ÷ pytorch   ", StringComparison.Ordinal)).ShouldBe(30);
        lines.ShouldContain("… and 1 more, see results.csv");
    }

    [Fact]
    public void OneBackendIsNoLine()
    {
        See("pytorch", 8, 1);
        Draw().ShouldBeEmpty();
    }
}
