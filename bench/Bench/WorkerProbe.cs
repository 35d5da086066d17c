using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;

namespace Layerbench.Bench;

/// <summary>One worker of one backend, asked directly over the protocol.</summary>
internal sealed class WorkerProbe(IWorker worker) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task<WorkerProbe> StartAsync(WorkerCatalog catalog, string backend, int threads)
    {
        var device = DeviceDiscovery.OfThisMachine().Find()[0];
        var factory = new WorkerFactory(
            catalog,
            Allocator.Find(),
            new SimulatedWorkerFactory(catalog.Find("simulated")!.Info!, new VirtualClock()),
            TimeProvider.System
        );
        var worker = await factory.StartAsync(new WorkerStart(backend, device, LaunchKind.Time, threads, 1), default);
        var probe = new WorkerProbe(worker);
        worker.Send(
            new Request.Hello(
                ProtocolVersion.Current,
                "cpu",
                threads,
                new Dictionary<string, bool>(StringComparer.Ordinal)
                {
                    ["tf32"] = false,
                    ["cudnn_benchmark"] = false,
                    ["deterministic"] = false,
                }
            )
        );
        await probe.NextAsync<Reply.Hello>();
        return probe;
    }

    /// <summary>Samples of one variant alone, seconds of one iteration each; the first element tells the time to the first sample.</summary>
    public Task<IReadOnlyList<Sample>> MeasureAsync(
        string variant,
        IReadOnlyDictionary<string, AxisValue> parameters,
        int blocks,
        TimeSpan minimumSample
    ) =>
        MeasureAsync(
            [new PreparedVariant(variant, variant, parameters)],
            [.. Enumerable.Repeat<IReadOnlyList<int>>([0], blocks)],
            minimumSample,
            TimeSpan.FromSeconds(0.2)
        );

    /// <summary>Samples of a cell of these variants, in blocks of these orders.</summary>
    public async Task<IReadOnlyList<Sample>> MeasureAsync(
        IReadOnlyList<PreparedVariant> variants,
        IReadOnlyList<IReadOnlyList<int>> orders,
        TimeSpan minimumSample,
        TimeSpan warmUp
    )
    {
        worker.Send(new Request.Prepare("bench", "forward", "float32", 1, false, variants));
        await NextAsync<Reply.Prepared>();
        worker.Send(new Request.Measure("bench", orders, (long)minimumSample.TotalNanoseconds, warmUp.TotalSeconds, 2));
        await NextAsync<Reply.Warmed>();
        var samples = new List<Sample>();
        while (true)
        {
            switch (await NextAsync<Reply>())
            {
                case Reply.Samples s:
                    samples.AddRange(
                        s.Rows.Select(r => new Sample(
                            (int)r[0],
                            (int)r[1],
                            (int)r[2],
                            r[3],
                            r[4],
                            r[5],
                            r[6] < 0 ? null : r[6],
                            r[7],
                            r[8]
                        ))
                    );
                    break;
                case Reply.Measured:
                    worker.Send(new Request.Release("bench"));
                    await NextAsync<Reply.Released>();
                    return samples;
                case var other:
                    throw new InvalidOperationException($"The worker sent {other}.");
            }
        }
    }

    public static double MedianSeconds(IEnumerable<Sample> samples) => Machine.Median(samples.Select(s => s.Seconds));

    private async Task<T> NextAsync<T>()
        where T : Reply =>
        await worker.ReceiveAsync(Deadline, default) switch
        {
            T reply => reply,
            var other => throw new InvalidOperationException($"The worker sent {other}."),
        };

    public ValueTask DisposeAsync() => worker.DisposeAsync();
}
