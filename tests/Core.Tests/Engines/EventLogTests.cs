using Layerbench.Core.Engines;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Engines;

public class EventLogTests
{
    private static readonly DateTimeOffset at = DateTimeOffset.UnixEpoch;
    private static readonly EngineEvent.SweepStarted started = new(at, new SweepId("s"), 9, 0, []);
    private static readonly EngineEvent.SweepEnded end = new(
        at,
        RunEnd.Finished,
        new Dictionary<string, long>(),
        TimeSpan.Zero
    );
    private static readonly EngineEvent.ProgressMade progress = new(
        at,
        new SweepProgress(9, 4, 4, 0, 0, Paused: false, Cancelled: false),
        Eta: null
    );

    [Fact]
    public void WhatCameAfterAnEventIsGivenInOrder()
    {
        var log = Log(events: 5, capacity: 10);

        log.After(new EventId(7, 2), 10)!.Select(e => e.Id.Sequence).ShouldBe([3, 4, 5]);
        log.After(new EventId(7, 2), 2)!.Select(e => e.Id.Sequence).ShouldBe([3, 4]);
        log.After(new EventId(7, 5), 10)!.ShouldBeEmpty();
        log.After(new EventId(7, 0), 10)!
            .Select(e => ((EngineEvent.SliceLeased)e.Event).Cells)
            .ShouldBe([1, 2, 3, 4, 5]);
        log.Last.ToString().ShouldBe("7:5");
    }

    [Fact]
    public void WhatIsNotRememberedIsNotGiven()
    {
        var log = Log(events: 5, capacity: 3);

        log.After(new EventId(7, 1), 10).ShouldBeNull("event 2 is forgotten");
        log.After(new EventId(7, 2), 10)!.Select(e => e.Id.Sequence).ShouldBe([3, 4, 5]);
        log.After(new EventId(6, 4), 10).ShouldBeNull("of another epoch");
        log.After(new EventId(7, 6), 10).ShouldBeNull("it has not happened");
        log.After(default, 10).ShouldBeNull("nothing was seen");
    }

    [Fact]
    public void ASnapshotTellsTheLastEventsBetweenTheBeginningAndHowFarItIs()
    {
        var log = Log(events: 300, capacity: 250);

        var told = log.Snapshot(started, progress);

        told[0].ShouldBe(new SweepEvent(new EventId(7, 100), started));
        told.Skip(1).SkipLast(1).Select(e => e.Id.Sequence).ShouldBe(Enumerable.Range(101, 200).Select(n => (long)n));
        told[^1].ShouldBe(new SweepEvent(new EventId(7, 300), progress));
        Log(events: 0, capacity: 1)
            .Snapshot(started, progress)
            .ShouldBe([new(new EventId(7, 0), started), new(new EventId(7, 0), progress)]);
    }

    [Fact]
    public void TheEndIsTheLastOfASnapshotAndABeginningThatIsRememberedIsToldOnce()
    {
        var log = new EventLog(7, capacity: 10);
        log.Add(started);
        log.Add(end);

        log.Snapshot(started, progress)
            .ShouldBe([new(new EventId(7, 1), started), new(new EventId(7, 1), progress), new(new EventId(7, 2), end)]);
    }

    [Theory]
    [InlineData("3:42", true)]
    [InlineData("3", false)]
    [InlineData("3:-1", false)]
    [InlineData("3:4:5", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void AnIdIsReadAsItIsWritten(string? text, bool isId)
    {
        EventId.TryParse(text, out var id).ShouldBe(isId);
        if (isId)
        {
            id.ToString().ShouldBe(text);
        }
    }

    private static EventLog Log(int events, int capacity)
    {
        var log = new EventLog(7, capacity);
        for (var cells = 1; cells <= events; cells++)
        {
            log.Add(new EngineEvent.SliceLeased(at, new DeviceId("cpu"), cells, Attempt: 1));
        }

        return log;
    }
}
