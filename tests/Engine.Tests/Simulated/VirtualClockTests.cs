using Layerbench.Engine.Simulated;

namespace Layerbench.Engine.Tests.Simulated;

public sealed class VirtualClockTests
{
    private readonly VirtualClock clock = new();
    private readonly DateTimeOffset start = new VirtualClock().GetUtcNow();

    [Fact]
    public void AWorkerThatIsAloneNeverReallyWaits()
    {
        clock.Join();
        clock.SleepAsync(TimeSpan.FromHours(5)).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        clock.GetUtcNow().ShouldBe(start.AddHours(5));
        clock.GetElapsedTime(0).ShouldBe(TimeSpan.FromHours(5));
    }

    [Fact]
    public async Task TimePassesWhenAllWaitAndGoesToWhoeverWakesNext()
    {
        clock.Join();
        clock.Join();
        var longer = clock.SleepAsync(TimeSpan.FromSeconds(3)).AsTask();
        clock.GetUtcNow().ShouldBe(start, "the other is still at work");
        await clock.SleepAsync(TimeSpan.FromSeconds(1));
        clock.GetUtcNow().ShouldBe(start.AddSeconds(1));
        longer.IsCompleted.ShouldBeFalse();
        var last = clock.SleepAsync(TimeSpan.FromSeconds(5)).AsTask();
        await longer;
        clock.GetUtcNow().ShouldBe(start.AddSeconds(3));
        clock.Leave();
        await last;
        clock.GetUtcNow().ShouldBe(start.AddSeconds(6));
    }

    [Fact]
    public async Task TimersFireOnTheWayInOrder()
    {
        var fired = new List<double>();
        clock.Join();
        await using var every = clock.CreateTimer(
            _ => fired.Add((clock.GetUtcNow() - start).TotalSeconds),
            null,
            TimeSpan.FromSeconds(2),
            TimeSpan.FromSeconds(2)
        );
        await using var once = clock.CreateTimer(
            _ => fired.Add(-(clock.GetUtcNow() - start).TotalSeconds),
            null,
            TimeSpan.FromSeconds(3),
            Timeout.InfiniteTimeSpan
        );
        await clock.SleepAsync(TimeSpan.FromSeconds(7));
        fired.ShouldBe([2, -3, 4, 6]);
        clock.GetUtcNow().ShouldBe(start.AddSeconds(7));
    }

    [Fact]
    public async Task ADelayOfTheFrameworkFollowsTheClock()
    {
        clock.Join();
        var delay = Task.Delay(TimeSpan.FromMinutes(1), clock, TestContext.Current.CancellationToken);
        await clock.SleepAsync(TimeSpan.FromSeconds(59));
        delay.IsCompleted.ShouldBeFalse();
        await clock.SleepAsync(TimeSpan.FromSeconds(1));
        await delay;
    }
}
