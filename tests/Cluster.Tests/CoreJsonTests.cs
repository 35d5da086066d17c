using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Silo.Simulated;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Layerbench.Cluster.Tests;

public sealed class CoreJsonTests : IDisposable
{
    private static readonly Cell cell = new SimulatedCells(10).At(7)!;
    private static readonly Settlement settled = new(cell, new Outcome.Poisoned("its worker died 3 times"));

    private readonly ServiceProvider services = new ServiceCollection()
        .AddSerializer(s => s.AddCoreRecords())
        .BuildServiceProvider();

    public static TheoryData<Outcome> Outcomes =>
        [
            new Outcome.Completed(),
            new Outcome.Unconverged("budget"),
            new Outcome.Incorrect("differs"),
            new Outcome.Skipped("too large"),
            new Outcome.Failed("error"),
            new Outcome.Poisoned("crashes"),
        ];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void EveryOutcomeTravelsAsItself(Outcome outcome) => Sent<Outcome>(outcome).ShouldBe(outcome);

    [Fact]
    public void EveryWordOnACellTravelsAsItself()
    {
        CellTold[] told =
        [
            new CellTold.Ended(1, new Outcome.Incorrect("differs")),
            new CellTold.Crashed(2, "oom", "killed"),
            new CellTold.HandedBack(3),
        ];

        Sent<IReadOnlyList<CellTold>>(told).ShouldBe(told);
        told.ShouldAllBe(one => Sent(one) == one);
    }

    [Fact]
    public void AGrantTravelsWithItsCells()
    {
        var slice = new Slice(new LeaseToken("t"), new DeviceId("a/cuda:0"), 2, [cell], DateTimeOffset.UnixEpoch);

        var sent = Sent<LeaseAnswer>(new LeaseAnswer.Granted(slice, [settled])).ShouldBeOfType<LeaseAnswer.Granted>();

        (sent.Slice with { Cells = slice.Cells }).ShouldBe(slice);
        Text(sent.Slice.Cells.Single()).ShouldBe(Text(cell));
        sent.Slice.Cells.Single().Point.Values.ShouldBe(cell.Point.Values);
        sent.Slice.Backend.ShouldBe("simulated");
        sent.Settled.Single().Outcome.ShouldBe(settled.Outcome);
    }

    [Fact]
    public void EveryOtherAnswerTravelsAsItself()
    {
        var wait = new LeaseAnswer.Wait("paused", []) { AskAgainNow = true };
        var waited = Sent<LeaseAnswer>(wait).ShouldBeOfType<LeaseAnswer.Wait>();
        (waited with { Settled = wait.Settled }).ShouldBe(wait);
        Sent<LeaseAnswer>(new LeaseAnswer.Drained([settled]))
            .ShouldBeOfType<LeaseAnswer.Drained>()
            .Settled.Single()
            .Cell.Id.ShouldBe(cell.Id);
        Sent<TellAnswer>(new TellAnswer.Accepted([settled]))
            .ShouldBeOfType<TellAnswer.Accepted>()
            .Settled.Single()
            .Outcome.ShouldBe(settled.Outcome);
        Sent<TellAnswer>(new TellAnswer.Repeated()).ShouldBe(new TellAnswer.Repeated());
        Sent<TellAnswer>(new TellAnswer.Stale()).ShouldBe(new TellAnswer.Stale());
    }

    [Fact]
    public void AxisValuesKeepTheirKinds()
    {
        AxisValue[] values = [AxisValue.Of(2), AxisValue.Of(0.1), AxisValue.Of("2"), AxisValue.Of(true)];

        var sent = Sent(new Point(["a", "b", "c", "d"], values));

        sent.Values.ShouldBe(values);
        sent.Names.ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public void RecordsOfTheContractsTravelWithRecordsOfTheCoreInside()
    {
        var node = new NodeInfo(
            "a",
            "127.0.0.1:1@2",
            [new DeviceInfo(new DeviceId("cuda:0"), "cuda", "H100", [1, 2], 80)]
        );

        var sent = Sent(node);

        sent.Name.ShouldBe("a");
        sent.Devices.Single().Cpus.ShouldBe([1, 2]);
        sent.Devices.Single().MemoryBytes.ShouldBe(80);
    }

    [Fact]
    public void ANodeTravelsWithWhatItIsRefused()
    {
        var sweep = new SweepId("s");
        var status = new NodeStatus(
            new NodeInfo("a", "127.0.0.1:1@2", []),
            DateTimeOffset.UnixEpoch,
            Draining: false,
            new Dictionary<DeviceId, SweepId> { [new DeviceId("cpu")] = sweep }
        )
        {
            Refusals = new Dictionary<SweepId, string> { [sweep] = "another version" },
        };

        var sent = Sent(status);

        sent.Refusals[sweep].ShouldBe("another version");
        sent.Busy[new DeviceId("cpu")].ShouldBe(sweep);
    }

    [Fact]
    public void EventsAndStatusTravelAsThemselves()
    {
        var id = new SweepId("s");
        EngineEvent[] events =
        [
            new EngineEvent.SliceLeased(DateTimeOffset.UnixEpoch, new DeviceId("a/cpu"), 3, 1),
            new EngineEvent.SweepEnded(
                DateTimeOffset.UnixEpoch,
                RunEnd.Stopped,
                new Dictionary<string, long> { ["failed"] = 2 },
                TimeSpan.FromSeconds(1.5),
                "why"
            ),
        ];
        var page = new EventPage([.. events.Select(e => new SweepEvent(new EventId(3, 4), e))], Ended: true);

        var sent = Sent<EventPage?>(page)!;

        sent.Ended.ShouldBeTrue();
        sent.Events.Select(e => e.Id.ToString()).ShouldBe(["3:4", "3:4"]);
        sent.Events[0].Event.ShouldBe(events[0]);
        sent.Events[1].Event.ShouldBeOfType<EngineEvent.SweepEnded>().Outcomes["failed"].ShouldBe(2);
        Sent<IReadOnlyList<EngineEvent>>(events)[0].ShouldBe(events[0]);
        Sent(new EventId(5, 6)).ShouldBe(new EventId(5, 6));
        Sent<SweepStatus?>(null).ShouldBeNull();
        var status = new SweepStatus(
            id,
            "n",
            "ann",
            1,
            SweepStage.Running,
            DateTimeOffset.UnixEpoch,
            null,
            10,
            4,
            2,
            new Dictionary<string, long>(),
            TimeSpan.FromMinutes(1)
        );
        var back = Sent<SweepStatus?>(status)!;
        (back with { Outcomes = status.Outcomes }).ShouldBe(status);
    }

    [Fact]
    public void GrainsOfOneSiloShareARecord()
    {
        LeaseAnswer granted = new LeaseAnswer.Granted(
            new Slice(new LeaseToken("t"), new DeviceId("a/cuda:0"), 2, [cell], DateTimeOffset.UnixEpoch),
            [settled]
        );

        services.GetRequiredService<DeepCopier>().Copy(granted).ShouldBeSameAs(granted);
    }

    public void Dispose() => services.Dispose();

    /// <summary>As an argument or a result of a call with this declared type, to another silo and to the same one.</summary>
    private T Sent<T>(T value)
    {
        var serializer = services.GetRequiredService<Serializer>();
        var copied = services.GetRequiredService<DeepCopier>().Copy(value);
        return serializer.Deserialize<T>(serializer.SerializeToArray(copied))!;
    }

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, CoreJson.Options);
}
