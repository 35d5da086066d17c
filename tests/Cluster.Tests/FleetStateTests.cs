using Layerbench.Core;
using Layerbench.Grains.Fleet;

namespace Layerbench.Cluster.Tests;

public sealed class FleetStateTests
{
    private static readonly DateTimeOffset start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FleetState fleet = new(TimeSpan.FromSeconds(30));

    [Fact]
    public void HigherPriorityIsAskedFirstThenTheOlderSweep()
    {
        Hear("elsewhere", "1:1@1", 1, start);
        Activate("old", 0, "ann", 0);
        Activate("young", 0, "ann", 1);
        Activate("urgent", 5, "ann", 2);

        Asked(start).ShouldBe(["urgent", "old", "young"]);
    }

    [Fact]
    public void OfThoseWhoBeginTogetherTheUserWithTheFewestDevicesIsAskedFirstThenTheSweepWithTheFewest()
    {
        Hear("elsewhere", "2:1@1", 1, start);
        Hear("a", "1:1@1", 3, start);
        Activate("ann-1", 0, "ann", 0);
        Activate("ann-2", 0, "ann", 1);
        Activate("bob-1", 0, "bob", 2);

        fleet.Busy(Device("a", 0), new SweepId("ann-1"), start);
        Asked(start).ShouldBe(["bob-1", "ann-2", "ann-1"]);

        fleet.Busy(Device("a", 1), new SweepId("bob-1"), start);
        Asked(start).ShouldBe(["ann-2", "ann-1", "bob-1"]);
    }

    [Theory]
    [InlineData("ann", "bob")]
    [InlineData("ann", "ann")]
    public void WhoHasLongCellsHasNoMoreDeviceTimeThanWhoHasShortOnes(string ofLong, string ofShort)
    {
        Activate("long", 0, ofLong, 0);
        Activate("short", 0, ofShort, 1);
        var (had, seconds) = (
            new Dictionary<string, int>(),
            new Dictionary<string, int> { ["long"] = 100, ["short"] = 1 }
        );
        for (var now = start; had.Values.Sum() < 3600; )
        {
            Hear("a", "1:1@1", 1, now);
            var first = fleet.Ask(Device("a", 0), now).Sweeps[0];
            fleet.Busy(Device("a", 0), first, now);
            now = now.AddSeconds(seconds[first.Value]);
            had[first.Value] = had.GetValueOrDefault(first.Value) + seconds[first.Value];
        }

        had.ShouldBe(new() { ["long"] = 1900, ["short"] = 1700 });
    }

    [Fact]
    public void WhatWasUsedLongAgoCountsForLess()
    {
        Hear("elsewhere", "2:1@1", 1, start);
        Hear("a", "1:1@1", 1, start);
        Activate("ann", 0, "ann", 0);
        Activate("bob", 0, "bob", 1);

        Work("ann", start, TimeSpan.FromHours(1));
        Asked(start.AddHours(1)).ShouldBe(["bob", "ann"]);
        // 852 s are remembered of ann's hour at its end, 106 s half an hour later, and 162 s of bob's three minutes.
        Work("bob", start.AddMinutes(87), TimeSpan.FromMinutes(3));
        Asked(start.AddMinutes(90)).ShouldBe(["ann", "bob"]);
    }

    [Fact]
    public void SharesGoOnWhereTheyWereInAFleetThatWasLost()
    {
        Hear("elsewhere", "2:1@1", 1, start);
        Hear("a", "1:1@1", 2, start);
        Activate("ann", 0, "ann", 0);
        Activate("bob", 0, "bob", 1);
        fleet.TakeNewShares(start).ShouldBeNull();
        Work("ann", start, TimeSpan.FromMinutes(10));
        var at = start.AddMinutes(10);
        // Bob's device works still: what it has had until now is his.
        Hear("a", "1:1@1", 2, at);
        fleet.Busy(Device("a", 1), new SweepId("bob"), at);

        var kept = fleet.TakeNewShares(at.AddSeconds(10)).ShouldNotBeNull();

        // 432.8 s of ann's ten minutes, ten seconds later.
        kept.Users["ann"].ShouldBe(427.8, tolerance: 0.1);
        kept.Users["bob"].ShouldBe(9.9, tolerance: 0.1);
        kept.Sweeps.Keys.Order().ShouldBe(["ann", "bob"]);
        var next = new FleetState(TimeSpan.FromSeconds(30));
        next.Restore(kept);
        next.TakeNewShares(at).ShouldBeNull();
        next.Hear(new NodeInfo("a", "1:1@1", []), at.AddSeconds(20));
        next.Activate(new ActiveSweep(new SweepId("ann"), new SweepTerms(0, "ann"), start));
        next.Activate(new ActiveSweep(new SweepId("bob"), new SweepTerms(0, "bob"), start.AddSeconds(1)));
        // Who has had less goes first, not the older.
        next.Order(at.AddSeconds(20)).Select(s => s.Id.Value).ShouldBe(["bob", "ann"]);
    }

    [Fact]
    public void AUserIsToldOfWithAShareOfTheDeviceTimeUntilAWhileAfterTheLastDevice()
    {
        Hear("a", "1:1@1", 2, start);
        Activate("ann", 0, "ann", 0);
        Activate("bob", 0, "bob", 1);
        fleet.Users(start).ShouldBeEmpty();
        Work("ann", start.AddMinutes(-10), TimeSpan.FromMinutes(10));
        fleet.Busy(Device("a", 1), new SweepId("bob"), start);
        Hear("a", "1:1@1", 2, start.AddMinutes(10));

        var both = fleet.Users(start.AddMinutes(10));

        // 432.8 s of bob's ten minutes, and of the same of ann's half.
        both.Select(u => (u.User, u.Devices)).ShouldBe([("bob", 1), ("ann", 0)]);
        both.Select(u => u.Share).ShouldBe([2.0 / 3, 1.0 / 3], tolerance: 0.001);
        Hear("a", "1:1@1", 2, start.AddMinutes(11));
        fleet.Users(start.AddMinutes(11)).Single().User.ShouldBe("bob");
        fleet.Ask(Device("a", 1), start.AddMinutes(11));
        fleet.Users(start.AddMinutes(21)).Single().ShouldBe(new("bob", 0, 1));
        fleet.Users(start.AddMinutes(22)).ShouldBeEmpty();
    }

    [Fact]
    public void ADeviceThatTellsAgainThatItWorksIsNotTakenToBegin()
    {
        Hear("elsewhere", "2:1@1", 1, start);
        Hear("a", "1:1@1", 1, start);
        Activate("ann", 0, "ann", 0);
        fleet.Busy(Device("a", 0), new SweepId("ann"), start);
        fleet.Busy(Device("a", 0), new SweepId("ann"), start.AddMinutes(10));
        Hear("a", "1:1@1", 1, start.AddMinutes(10));

        fleet.TakeNewShares(start.AddMinutes(10))!.Users["ann"].ShouldBe(432.8, tolerance: 0.1);
        // At work still, so there is something new each time.
        fleet.TakeNewShares(start.AddMinutes(10)).ShouldNotBeNull();
        fleet.Ask(Device("a", 0), start.AddMinutes(10));
        fleet.TakeNewShares(start.AddMinutes(10)).ShouldNotBeNull();
        fleet.TakeNewShares(start.AddMinutes(10)).ShouldBeNull();
    }

    [Fact]
    public void ADeviceThatAsksIsBusyNoMore()
    {
        Hear("a", "1:1@1", 1, start);
        Activate("s", 0, "ann", 0);
        fleet.Busy(Device("a", 0), new SweepId("s"), start);
        fleet.Nodes(start).Single().Busy.ShouldBe([new(new DeviceId("simulated:0"), new SweepId("s"))]);

        fleet.Ask(Device("a", 0), start);

        fleet.Nodes(start).Single().Busy.ShouldBeEmpty();
    }

    [Fact]
    public void ANodeThatIsNotHeardOfIsNotCounted()
    {
        Hear("a", "1:1@1", 1, start);

        fleet.Nodes(start.AddSeconds(29)).Count.ShouldBe(1);
        fleet.Nodes(start.AddSeconds(30)).ShouldBeEmpty();
    }

    [Fact]
    public void TwoSilosCannotBeOneNodeButASiloStartedAgainTakesItsOwnPlace()
    {
        Hear("a", "10.0.0.1:11111@1", 1, start);

        Hear("a", "10.0.0.2:11111@1", 2, start)!.ShouldContain("'a' is taken by silo 10.0.0.1:11111@1");
        Hear("a", "10.0.0.1:11111@2", 3, start).ShouldBeNull();
        fleet.Nodes(start).Single().Node.Devices.Count.ShouldBe(3);
        Hear("a", "10.0.0.2:11111@1", 2, start.AddSeconds(30));
        fleet.Nodes(start.AddSeconds(30)).Single().Node.Silo.ShouldBe("10.0.0.2:11111@1");
    }

    [Fact]
    public void ANodeWhoseSiloIsKnownToBeDeadComesBackAtAnotherPortAtOnce()
    {
        Hear("a", "10.0.0.1:11111@1", 1, start);
        Hear("b", "10.0.0.1:11112@1", 1, start);

        fleet.Forget(silo => silo == "10.0.0.1:11111@1");

        fleet.Nodes(start).Single().Node.Name.ShouldBe("b");
        Hear("a", "10.0.0.1:11113@2", 1, start);
        fleet.Nodes(start).Select(n => n.Node.Silo).ShouldBe(["10.0.0.1:11113@2", "10.0.0.1:11112@1"]);
    }

    [Fact]
    public void ANodeIsForgottenByItsOwnSiloOnly()
    {
        Hear("a", "1:1@2", 1, start);

        fleet.Leave("a", "1:1@1");
        fleet.Nodes(start).Count.ShouldBe(1);
        fleet.Leave("a", "1:1@2");
        fleet.Nodes(start).ShouldBeEmpty();
    }

    [Fact]
    public void ADrainingNodeIsToldSoAndAskedNothing()
    {
        Hear("a", "1:1@1", 1, start);
        Activate("s", 0, "ann", 0);

        fleet.Drain("a", drain: true);
        fleet.Ask(Device("a", 0), start).Draining.ShouldBeTrue();
        fleet.Ask(Device("a", 0), start).Sweeps.ShouldBeEmpty();
        fleet.Drain("a", drain: false);
        fleet.Ask(Device("a", 0), start).Draining.ShouldBeFalse();
    }

    private void Work(string sweep, DateTimeOffset since, TimeSpan time)
    {
        fleet.Busy(Device("a", 0), new SweepId(sweep), since);
        fleet.Ask(Device("a", 0), since + time);
    }

    private static DeviceKey Device(string node, int number) => new(node, new DeviceId($"simulated:{number}"));

    private string? Hear(string node, string silo, int devices, DateTimeOffset now) =>
        fleet.Hear(
            new NodeInfo(
                node,
                silo,
                [
                    .. Enumerable
                        .Range(0, devices)
                        .Select(i => new DeviceInfo(Device(node, i).Device, "simulated", "m", [], 1)),
                ]
            ),
            now
        );

    private void Activate(string sweep, int priority, string user, int second) =>
        fleet.Activate(new ActiveSweep(new SweepId(sweep), new SweepTerms(priority, user), start.AddSeconds(second)));

    private IEnumerable<string> Asked(DateTimeOffset now) =>
        fleet.Ask(Device("elsewhere", 0), now).Sweeps.Select(s => s.Value);
}
