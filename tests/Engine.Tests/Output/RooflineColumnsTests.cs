using System.Globalization;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Tests.Stores;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Output;

public sealed class RooflineColumnsTests : IDisposable
{
    private const double Flops = 1e9;

    private readonly ScratchFolder scratch = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(1e14, "false")]
    [InlineData(1e11, "true")]
    public async Task AVariantIsPlacedUnderTheRooflineOfItsFingerprintsCanaries(double peak, string impossible)
    {
        await using (var store = SqliteResultStore.Open(scratch.File("layerbench.db")))
        {
            var launch = Launch();
            VariantFacts[] facts = [launch.Variants[0] with { Flops = Flops, Bytes = 1e7 }, launch.Variants[1]];
            await store.SaveSweepAsync(Sweep(), Token);
            await store.AcceptAsync(Batch(launch with { Variants = facts }), Token);
            await store.RecordCanariesAsync(
                Sweep().Id,
                Fingerprint(),
                [new CanaryRecord(launch.Device, launch.Fingerprint, Noon, Noon, CanaryPlace.First, peak, 1e10)],
                Token
            );
            await store.FinishAsync(Sweep().Id, [Result()], Token);
            await DerivedFiles.WriteAsync(
                scratch.Path,
                store,
                Sweep(),
                new AnalysisRule { Looks = false },
                "layerbench run a.yaml",
                Token
            );
        }

        var lines = (await File.ReadAllLinesAsync(scratch.File("results.csv"), Token))
            .Select(line => line.Split(','))
            .ToArray();
        string Column(int row, string name) => lines[row][Array.IndexOf(lines[0], name)];
        double Number(string name) => double.Parse(Column(1, name), CultureInfo.InvariantCulture);

        Number("flops").ShouldBe(Flops);
        Number("arithmetic_intensity").ShouldBe(100);
        // The roof at 100 FLOPs a byte and 10¹⁰ bytes a second is 10¹² FLOPs a second, or the peak where that is lower.
        var roof = Math.Min(peak, 100 * 1e10);
        (Number("roofline_ratio") * Number("time_median_s") * roof).ShouldBe(Flops, 1e-6 * Flops);
        Column(1, "roofline_impossible").ShouldBe(impossible);
        Column(2, "flops").ShouldBe("");
        Column(2, "roofline_ratio").ShouldBe("");
    }
}
