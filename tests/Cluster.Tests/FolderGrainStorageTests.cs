using Layerbench.Grains.Sweeps;
using Layerbench.Silo;
using Orleans.Storage;

namespace Layerbench.Cluster.Tests;

public sealed class FolderGrainStorageTests : IDisposable
{
    private static readonly GrainId grain = GrainId.Create("sweep", "quick/start 1");

    private readonly string folder = Directory.CreateTempSubdirectory("layerbench-grains-").FullName;

    [Fact]
    public async Task WhatOneWritesAnotherReads()
    {
        await Storage().WriteStateAsync("s", grain, State(paused: true));

        var read = State(paused: false);
        await Storage().ReadStateAsync("s", grain, read);

        read.RecordExists.ShouldBeTrue();
        read.State!.Paused.ShouldBeTrue();
    }

    [Fact]
    public async Task WhatNobodyWroteIsNew()
    {
        var read = State(paused: true);
        await Storage().ReadStateAsync("s", grain, read);

        read.RecordExists.ShouldBeFalse();
        read.State!.Paused.ShouldBeFalse();
    }

    [Fact]
    public async Task OfTwoThatReadTheSameTheSecondToWriteIsRefused()
    {
        await Storage().WriteStateAsync("s", grain, State(paused: true));
        var one = State(paused: false);
        var other = State(paused: false);
        await Storage().ReadStateAsync("s", grain, one);
        await Storage().ReadStateAsync("s", grain, other);

        await Storage().WriteStateAsync("s", grain, one);

        await Should.ThrowAsync<InconsistentStateException>(() => Storage().WriteStateAsync("s", grain, other));
        await Should.ThrowAsync<InconsistentStateException>(() => Storage().ClearStateAsync("s", grain, other));
        await Storage().ClearStateAsync("s", grain, one);
        one.RecordExists.ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private FolderGrainStorage Storage() => new(folder);

    private static GrainState<SweepStanding> State(bool paused) => new(new SweepStanding { Paused = paused });
}
