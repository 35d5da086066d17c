using Layerbench.Core;
using Layerbench.Core.Results;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

public abstract partial class ResultStoreContract
{
    [Fact]
    public async Task CanariesComeBackAsTheyWereByLaunchAndPlace()
    {
        CanaryRecord[] canaries =
        [
            Canary(0, CanaryPlace.First),
            Canary(0, CanaryPlace.Last) with
            {
                TriadBytesPerSecond = null,
            },
            Canary(1, CanaryPlace.First),
        ];

        await Store.RecordCanariesAsync(sweep, Fingerprint(), [canaries[2], canaries[1]], Token);
        await Store.RecordCanariesAsync(sweep, Fingerprint(), [canaries[0]], Token);
        await ReopenDatabaseAsync();

        (await Store.CanariesAsync(sweep, Token)).ShouldBe(canaries);
        (await Store.CanariesAsync(new SweepId("another"), Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ACanaryThatIsThereStaysAsItIs()
    {
        await Store.RecordCanariesAsync(sweep, Fingerprint(), [Canary(0, CanaryPlace.First)], Token);
        await Store.RecordCanariesAsync(
            sweep,
            Fingerprint(),
            [Canary(0, CanaryPlace.First) with { GemmFlopsPerSecond = 1 }],
            Token
        );

        (await Store.CanariesAsync(sweep, Token)).ShouldBe([Canary(0, CanaryPlace.First)]);
    }

    [Fact]
    public async Task ACanaryOfAnotherFingerprintThanItsLaunchIsRefused()
    {
        var refusal = await Should.ThrowAsync<ArgumentException>(() =>
            Store.RecordCanariesAsync(sweep, Fingerprint("bb"), [Canary(0, CanaryPlace.First)], Token)
        );

        refusal.Message.ShouldStartWith("A canary names fingerprint aa, its launch bb; they must be the same.");
    }

    private static CanaryRecord Canary(int launch, CanaryPlace place) =>
        new(
            new DeviceId("cpu:0-3"),
            new FingerprintId("aa"),
            Noon.AddSeconds(launch),
            Noon.AddSeconds(launch).AddMicroseconds(place == CanaryPlace.First ? 1 : 9),
            place,
            12_345_678_901.25 + launch,
            9.87e9
        );
}
