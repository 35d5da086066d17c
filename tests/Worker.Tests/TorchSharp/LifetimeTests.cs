using System.Globalization;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.TorchSharp;

/// <summary>The worker ends with its input, and does not grow while it runs.</summary>
public sealed class LifetimeTests
{
    private const string Mark = "LAYERBENCH_TEST_MARK";

    [Fact]
    public async Task TheEndOfInputEndsAnIdleWorker()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();

        worker.CloseInput();

        (await worker.ExitCodeAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task TheEndOfInputEndsAMeasurementAtOnce()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"]));
        // A quarter of an hour unless something ends it.
        await worker.SendAsync(Requests.Measure([.. Enumerable.Repeat<IReadOnlyList<int>>([0], 1000)], 1_000_000_000));
        await worker.ExpectAsync<Reply.Warmed>();

        worker.CloseInput();

        (await worker.ExitCodeAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task WhatWasSentBeforeTheEndOfInputIsStillAnswered()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        await worker.SendAsync(new Request.Bye());

        worker.CloseInput();

        await worker.ExpectAsync<Reply.Bye>();
        (await worker.ExitCodeAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("forward")]
    [InlineData("training_step")]
    public async Task TwoThousandIterationsLeaveNothingBehind(string pass)
    {
        var mark = Guid.NewGuid().ToString();
        await using var worker = await TorchSharpWorker.StartAndGreetAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { [Mark] = mark }
        );
        await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare(
                ["ffn.dense"],
                pass,
                // 0.5 MiB of hidden units: one tensor an iteration that is not freed is 1 GiB.
                parameters: Requests.Small(batch: 8, seqLen: 64, dModel: 16, dFf: 256)
            )
        );
        await worker.MeasureAsync(Requests.MeasureExactly(blocks: 50));
        var before = ResidentKibibytes(mark);

        await worker.MeasureAsync(Requests.MeasureExactly(blocks: 2000));

        // A quarter of that leak: the collector lets its youngest generation grow by some 60 MiB before it first runs.
        (ResidentKibibytes(mark) - before).ShouldBeLessThan(256 * 1024);
    }

    private static long ResidentKibibytes(string mark)
    {
        var folder = Directory
            .EnumerateDirectories("/proc")
            .Where(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out _))
            .Single(d => Read(Path.Combine(d, "environ")).Contains($"{Mark}={mark}", StringComparison.Ordinal));
        var line = File.ReadLines(Path.Combine(folder, "status"))
            .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6, line.Length - 8).Trim(), CultureInfo.InvariantCulture);
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // a process that has just ended, or that is another user's
        }
    }
}
