using Layerbench.Core.Engines;

namespace Layerbench.Core.Tests.Engines;

public class EventLogTests
{
    private static readonly DateTimeOffset at = DateTimeOffset.UnixEpoch;

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
