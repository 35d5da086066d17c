using Layerbench.Core;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Tests.Stores;

namespace Layerbench.Engine.Tests.Output;

public sealed class OutputFolderTests : IDisposable
{
    private readonly ScratchFolder scratch = new();
    private readonly string path;
    private readonly FixedTime time = new(new DateTimeOffset(2026, 3, 1, 10, 2, 59, TimeSpan.Zero));

    public OutputFolderTests() => path = scratch.File("q");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task AFolderIsMadeWithItsStoreAndLock()
    {
        await using var folder = OutputFolder.Open(Path.Combine(path, "deep"), time);

        folder.Path.ShouldBe(Path.Combine(path, "deep"));
        await folder.Store.SaveSweepAsync(Records.Sweep(), Token);
        File.Exists(Path.Combine(folder.Path, "layerbench.db")).ShouldBeTrue();
        File.Exists(Path.Combine(folder.Path, "layerbench.lock")).ShouldBeTrue();
    }

    [Fact]
    public async Task AFolderSaysWhichRunHasItAndWhichStoppedBeforeItsEnd()
    {
        var sweep = new SweepId("sim-1f3a9c20");
        OutputFolder.RunIn(path).ShouldBeNull();
        var folder = OutputFolder.Open(path, time);
        OutputFolder.RunIn(path).ShouldBeNull("nothing is run yet");
        folder.Begin(sweep, 12);
        OutputFolder
            .RunIn(path)
            .ShouldBe(new RunInFolder(sweep, 12, IsGoingOn: true) { ProcessId = Environment.ProcessId });
        await folder.DisposeAsync();

        OutputFolder.RunIn(path).ShouldBe(new RunInFolder(sweep, 12, IsGoingOn: false));
        var again = OutputFolder.Open(path, time);
        again.Begin(sweep, null);
        OutputFolder
            .RunIn(path)
            .ShouldBe(new RunInFolder(sweep, null, IsGoingOn: true) { ProcessId = Environment.ProcessId });
        again.Finish();
        await again.DisposeAsync();
        OutputFolder.RunIn(path).ShouldBeNull();
    }

    [Fact]
    public async Task TheSecondOfTwoIsToldWhoHoldsTheFolder()
    {
        await using var first = OutputFolder.Open(path, time);

        var refusal = Should.Throw<StoreException>(() => OutputFolder.Open(path, time));

        refusal.Problem.ShouldBe(StoreProblem.InUse);
        refusal.Message.ShouldBe(
            $"'{path}' is in use by layerbench process {Environment.ProcessId} (started 10:02); wait for it or choose another --out"
        );
    }

    [Fact]
    public async Task AHolderSinceYesterdayIsToldWithItsDate()
    {
        await using var first = OutputFolder.Open(path, time);

        Should
            .Throw<StoreException>(() => OutputFolder.Open(path, new FixedTime(time.GetUtcNow().AddDays(1))))
            .Message.ShouldContain("(started 2026-03-01 10:02)");
    }

    [Fact]
    public async Task AClosedFolderCanBeOpenedAgain()
    {
        await OutputFolder.Open(path, time).DisposeAsync();

        await using var again = OutputFolder.Open(path, time);

        again.Path.ShouldBe(path);
    }

    [Fact]
    public async Task TheLockOfAKilledProcessIsFree()
    {
        using var running = StoreChild.Start("hold", path);
        var holder = running.Process;
        (await holder.StandardOutput.ReadLineAsync(Token)).ShouldBe("held");
        Should
            .Throw<StoreException>(() => OutputFolder.Open(path, TimeProvider.System))
            .Message.ShouldStartWith($"'{path}' is in use by layerbench process {holder.Id} (started ");

        holder.Kill();
        await holder.WaitForExitAsync(Token);

        await using var folder = OutputFolder.Open(path, TimeProvider.System);
        (await folder.Store.SweepsAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AFolderThatCouldNotBeOpenedIsNotHeld()
    {
        Directory.CreateDirectory(path);
        var store = Path.Combine(path, "layerbench.db");
        await File.WriteAllTextAsync(store, "not a database", Token);
        Should.Throw<StoreException>(() => OutputFolder.Open(path, time)).Problem.ShouldBe(StoreProblem.NotAStore);

        File.Delete(store);

        await using var folder = OutputFolder.Open(path, time);
        folder.Path.ShouldBe(path);
    }

    [Fact]
    public async Task AFileInThePlaceOfTheFolderIsSaid()
    {
        await File.WriteAllTextAsync(path, "", Token);

        var refusal = Should.Throw<StoreException>(() => OutputFolder.Open(path, time));

        refusal.Problem.ShouldBe(StoreProblem.NotAFolder);
        refusal.Message.ShouldBe($"'{path}' is a file; --out takes a folder: choose another");
        Should
            .Throw<StoreException>(() => OutputFolder.Open(Path.Combine(path, "below"), time))
            .Problem.ShouldBe(StoreProblem.NotAFolder);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void ATextThatIsNoPathIsSaid(string text) =>
        Should
            .Throw<StoreException>(() => OutputFolder.Open(text, time))
            .Message.ShouldStartWith($"'{text}' is no path; ");

    [Fact]
    public async Task AStoreCanBeReadWhileTheFolderIsHeld()
    {
        await using var folder = OutputFolder.Open(path, time);
        await folder.Store.SaveSweepAsync(Records.Sweep(), Token);

        await using var reading = OutputFolder.OpenForReading(path);

        (await reading.SweepsAsync(Token)).ShouldBe([Records.Sweep()]);
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
