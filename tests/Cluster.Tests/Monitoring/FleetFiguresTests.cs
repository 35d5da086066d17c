using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Scheduling;
using Layerbench.Grains.Devices;
using Layerbench.Grains.Fleet;
using Layerbench.Metrics.Fleet;

namespace Layerbench.Cluster.Tests.Monitoring;

/// <summary>What is shown of nodes, and why a device says that it is idle.</summary>
public sealed class FleetFiguresTests
{
    [Fact]
    public void EveryDeviceIsInOneState()
    {
        var working = Status("a", draining: false, busy: ["cuda:0"], "cuda", "cuda", "cpu");
        var draining = Status("b", draining: true, busy: ["cuda:0"], "cuda");

        var shown = FleetFigures.Of([working, draining], [KnownNode.Of(Node("c", "cuda", "cuda"))]);

        shown
            .Where(d => d.Devices > 0)
            .ShouldBe([
                new("a", "cuda", "busy", 1),
                new("a", "cuda", "idle", 1),
                new("a", "cpu", "idle", 1),
                new("b", "cuda", "draining", 1),
                new("c", "cuda", "lost", 2),
            ]);
        // Of nodes that are there each state is shown, so that its series begins at 0.
        shown.Count(d => d is { Node: "a", Kind: "cpu" }).ShouldBe(4);
    }

    [Fact]
    public void UsersBeyondTheFirstAreShownTogether()
    {
        var users = Enumerable.Range(0, 25).Select(i => new UserShare($"u{i:D2}", 2, 0.04)).ToList();

        FleetFigures.Bounded(users[..20]).ShouldBe(users[..20]);
        FleetFigures.Bounded([.. users[..19], new UserShare("", 1, 0.24)])[^1].ShouldBe(new("other", 1, 0.24));
        var shown = FleetFigures.Bounded(users);
        shown.Count.ShouldBe(21);
        (shown[^1].User, shown[^1].Devices).ShouldBe(("other", 10));
        shown[^1].Share.ShouldBe(0.2, tolerance: 1e-9);
    }

    [Fact]
    public void ANodeThatComesBackWithOtherDevicesIsKnownByThose()
    {
        var known = KnownNode.Of(Node("a", "cuda", "cuda"));

        known.Has(Node("a", "cuda", "cuda")).ShouldBeTrue();
        known.Has(Node("a", "cuda")).ShouldBeFalse();
        known.Has(Node("b", "cuda", "cuda")).ShouldBeFalse();
    }

    [Fact]
    public void OfSeveralReasonsToBeIdleTheOneThatDeservesALookIsTold()
    {
        SweepId[] two = [new("s"), new("t")];
        Told(new FleetOrders(true, [])).ShouldBe(IdleReason.Draining);
        Told(new FleetOrders(false, [])).ShouldBe(IdleReason.NoWork);
        Told(new FleetOrders(false, []) { Withheld = Withheld.Unfit }).ShouldBe(IdleReason.NotOffered);
        Told(new FleetOrders(false, []) { Withheld = Withheld.NotSelected }).ShouldBe(IdleReason.NotSelected);
        Told(new FleetOrders(false, []) { Withheld = Withheld.Limit }).ShouldBe(IdleReason.Limit);
        // A device that may not have the one sweep's cells is idle for that; who does not answer is the other's fault.
        Told(new FleetOrders(false, two) { Withheld = Withheld.NotSelected }, Waits(WaitCause.Looking))
            .ShouldBe(IdleReason.Dispatch);
        Told(new FleetOrders(false, two), Waits(WaitCause.InFlight), Waits(WaitCause.Paused))
            .ShouldBe(IdleReason.Paused);
        Told(new FleetOrders(false, two), Waits(WaitCause.OtherDevice), Waits(WaitCause.Paused))
            .ShouldBe(IdleReason.OtherDevice);
        Told(new FleetOrders(false, two), new LeaseAnswer.Drained([]), Waits(WaitCause.Limit))
            .ShouldBe(IdleReason.Limit);

        var failed = new IdleBecause(new FleetOrders(false, two));
        failed.Failed();
        failed.Answered(Waits(WaitCause.Limit));
        failed.Reason.ShouldBe(IdleReason.WorkerFailed);
    }

    private static IdleReason Told(FleetOrders orders, params LeaseAnswer[] answers)
    {
        var idle = new IdleBecause(orders);
        Array.ForEach(answers, idle.Answered);
        return idle.Reason;
    }

    private static LeaseAnswer.Wait Waits(WaitCause cause) => new("", []) { Cause = cause };

    private static NodeStatus Status(string name, bool draining, string[] busy, params string[] kinds) =>
        new(
            Node(name, kinds),
            DateTimeOffset.UnixEpoch,
            draining,
            busy.ToDictionary(d => new DeviceId(d), _ => new SweepId("s"))
        );

    private static NodeInfo Node(string name, params string[] kinds) =>
        new(
            name,
            "1:1@1",
            [.. kinds.Select((kind, i) => new DeviceInfo(new DeviceId($"{kind}:{i}"), kind, "", [], 1))]
        );
}
