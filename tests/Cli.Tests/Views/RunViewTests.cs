using System.Text.Json;
using Layerbench.Cli.Views;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Cli.Tests.Views;

public class RunViewTests
{
    [Fact]
    public void ALiveFrameShowsProgressDevicesResultsAndIncidents()
    {
        var picture = new RunPicture(["batch"]);
        foreach (var e in Script.UntilTheFirstResult)
        {
            picture.See(e);
        }

        var frame = LiveFrame.Draw(picture, Made.Noon.AddSeconds(30), "stopping after this launch");

        Terminal
            .Text(frame, 120, colour: false)
            .ShouldBe(
                """
                quickstart-1f3a9c20 ━━━━━━━━━━━━━━━─────────────── 2 of 4 cells done, about 2 min 10 s left, 30 s so far
                  cpu  launch 1 of 6, cell 2 of 3: batch=16
                latest results
                  batch=8: ffn.conv1d ÷ ffn.dense 0.87× [0.85, 0.89]
                1 incident, the latest
                  12:00:05 cpu: worker_lost: exit code 139 (cell 0000000000000002)
                stopping after this launch

                """
            );
    }

    [Fact]
    public void ALiveFrameFoldsNothingOnANarrowTerminal()
    {
        var picture = new RunPicture(["batch"]);
        picture.See(
            new EngineEvent.CellFinished(
                Made.Noon,
                Made.Result(0, 8, new Outcome.Failed(new string('x', 500))),
                Estimate: null
            )
        );

        var frame = Terminal.Text(LiveFrame.Draw(picture, Made.Noon, said: null), 60, colour: false);

        frame.Split('\n').Count(line => line.Contains('x', StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 0, 0, "0 of 8 cells done")]
    [InlineData(0, 24, 20, "0 of 8 cells done, 24 of about 72 launches, about 20 s left")]
    [InlineData(0, 24, 0, "0 of 8 cells done, 24 of about 72 launches")]
    [InlineData(8, 72, 0, "8 of 8 cells done, about 0 s left")]
    public void ProgressCountsLaunchesUntilCellsEnd(int finished, long launches, int seconds, string line)
    {
        var picture = new RunPicture(["batch"]);
        picture.See(new EngineEvent.SweepStarted(Made.Noon, new SweepId("s"), 8, 0, []));
        picture.See(
            new EngineEvent.ProgressMade(
                Made.Noon,
                new SweepProgress(8, finished, finished, 0, 0, false, false),
                TimeSpan.FromSeconds(seconds),
                launches,
                72
            )
        );

        picture.Line().ShouldBe(line);
    }

    [Fact]
    public void PlainProgressIsOneLineForEachThingThatHappens()
    {
        using var writer = new StringWriter();
        var view = new PlainRunView(writer, ["batch"]);
        foreach (var e in Script.ToTheEnd)
        {
            view.See(e);
        }

        writer
            .ToString()
            .ShouldBe(
                """
                quickstart-1f3a9c20: 4 cells, 1 done before, on cpu (AMD EPYC 9B14)
                cpu: launch 1 of 6, 3 cells
                incident 12:00:05 cpu: worker_lost: exit code 139 (cell 0000000000000002)
                done batch=8: ffn.conv1d ÷ ffn.dense 0.87× [0.85, 0.89]
                2 of 4 cells done, about 2 min 10 s left
                done batch=16: poisoned: killed 3 workers
                interrupted after 1 min 12 s; what was measured is kept

                """
            );
    }

    [Fact]
    public void PlainProgressCountsCellsThatComeTooFastToRead()
    {
        using var writer = new StringWriter();
        var view = new PlainRunView(writer, ["batch"]);
        for (var i = 0; i < 500; i++)
        {
            view.See(
                new EngineEvent.CellFinished(
                    Made.Noon.AddMilliseconds(i),
                    Made.Result(i, i, new Outcome.Completed()),
                    Made.Estimate(1, 1)
                )
            );
        }

        view.See(new EngineEvent.SweepEnded(Made.Noon, RunEnd.Finished, new Dictionary<string, long>(), default));

        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(PlainRunView.CellsPerSecond + 2);
        lines[^2].ShouldBe("… and 490 more cells done");
        lines[^1].ShouldBe("finished after 0 s");
    }

    [Fact]
    public void PlainProgressNeverLeavesOutAFailure()
    {
        using var writer = new StringWriter();
        var view = new PlainRunView(writer, ["batch"]);
        for (var i = 0; i < 30; i++)
        {
            view.See(
                new EngineEvent.CellFinished(Made.Noon, Made.Result(i, i, new Outcome.Failed("no")), Estimate: null)
            );
        }

        writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(30);
    }

    [Fact]
    public void JsonProgressIsOneObjectALineWithTheEventFirst()
    {
        using var writer = new StringWriter();
        var view = new JsonRunView(writer);
        foreach (var e in Script.ToTheEnd)
        {
            view.See(e);
        }

        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines
            .Select(line => JsonDocument.Parse(line).RootElement.EnumerateObject().First())
            .Select(first => (first.Name, first.Value.GetString()))
            .ShouldBe([
                ("event", "sweep_started"),
                ("event", "slice_leased"),
                ("event", "launch_started"),
                ("event", "cell_started"),
                ("event", "cell_started"),
                ("event", "incident"),
                ("event", "cell_finished"),
                ("event", "progress"),
                ("event", "launch_stored"),
                ("event", "cell_finished"),
                ("event", "sweep_ended"),
            ]);
        lines[6]
            .ShouldBe(
                """
                {"event":"cell_finished","at":"2026-03-01T12:00:06+00:00","cell":"0000000000000001","index":1,"point":{"pass":"forward","dtype":"float32","batch":8,"d_model":512},"baseline":"ffn.dense","outcome":"completed","device":"cpu","time_launches":6,"memory_launches":3,"steady":true,"variants":[{"label":"ffn.dense","seconds":{"value":0.001234,"low":0.00120932,"high":0.00125868},"peak_bytes":{"value":59768832,"low":59768832,"high":59768832},"accepted":1},{"label":"ffn.conv1d","seconds":{"value":0.00107358,"low":0.0010521083999999999,"high":0.0010950516},"ratio":{"value":0.87,"low":0.8526,"high":0.8874},"peak_bytes":{"value":67108864,"low":67108864,"high":67108864},"accepted":1}]}
                """
            );
    }

    [Fact]
    public void JsonLeavesOutBoundsThatDoNotExist()
    {
        using var writer = new StringWriter();
        new JsonRunView(writer).See(
            new EngineEvent.CellFinished(
                Made.Noon,
                Made.Result(0, 8, new Outcome.Completed()),
                Made.Estimate(1, 0.5, launches: 1)
            )
        );

        var ratio = JsonDocument.Parse(writer.ToString()).RootElement.GetProperty("variants")[1].GetProperty("ratio");
        ratio.GetRawText().ShouldBe("""{"value":0.5}""");
    }
}
