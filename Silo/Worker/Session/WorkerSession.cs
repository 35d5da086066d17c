using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Devices;
using Layerbench.Worker.Fingerprint;
using Layerbench.Worker.Measuring;
using Layerbench.Worker.Memory;

namespace Layerbench.Worker.Session;

/// <summary>A line that is no request: the stream cannot be trusted any more.</summary>
internal sealed class ProtocolException(string message, Exception? cause) : Exception(message, cause);

/// <summary>Answers requests one after the other, all on the thread that calls <see cref="Run"/>.</summary>
internal sealed class WorkerSession(ProtocolChannel channel)
{
    private ComputeDevice? device;
    private PreparedCell? cell;

    private const int ExitProtocol = 2;
    private const int ExitLostDevice = 3;

    /// <summary>Until bye, or until nothing after can be believed. The end of the input ends the process by itself.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        while (true)
        {
            Request? request = null;
            try
            {
                request = Parse(channel.ReadLine());
                Answer(request);
            }
            catch (ProtocolException e)
            {
                channel.Send(new Reply.Trouble(null, null, "error", e.Message));
                return ExitProtocol;
            }
            // Every failure is an answer: the cell is over, and the worker goes on with the next.
            catch (Exception e)
            {
                Console.Error.WriteLine(e);
                Release();
                channel.Send(Troubles.Of(e, CellOf(request)));
                if (Troubles.IsLostDevice(e))
                {
                    return ExitLostDevice;
                }
            }

            if (request is Request.Bye)
            {
                return 0;
            }
        }
    }

    private void Answer(Request request)
    {
        switch (request)
        {
            case Request.Hello hello:
                channel.Send(Greet(hello));
                break;
            case Request.Prepare prepare:
                (cell, var prepared) = PreparedCell.Prepare(prepare, RequireReady(prepare.Cell));
                channel.Send(prepared);
                break;
            case Request.Measure measure:
                Require(measure.Cell).Require("time", "train").RequireFiniteOutputs();
                new CellMeasurement(device!, channel.Send).Run(measure, cell!.Variants);
                break;
            case Request.Train train:
                var learners = Require(train.Cell).Require("quality", "measure").Variants;
                channel.Send(new CellTraining(channel.Send, () => Parse(channel.ReadAnswer())).Run(train, learners));
                break;
            case Request.Decide decide:
                throw new ProtocolException($"decide: no training of cell '{decide.Cell}' waits at a rung.", null);
            case Request.MeasureMemory memory:
                var timed = Require(memory.Cell).Require("time", "train").Variants;
                var (peakBytes, method) = PeakMemory.Measure(timed, device!);
                channel.Send(new Reply.Memory(memory.Cell, peakBytes, method));
                break;
            case Request.Output output:
                channel.Send(Require(output.Cell).Outputs());
                break;
            case Request.MeasurePeaks:
                var ready =
                    device
                    ?? throw new ArgumentException("canary: came before a hello that succeeded; say hello first.");
                channel.Send(new DevicePeaks(ready).Measure());
                break;
            case Request.Release release:
                // Nothing to do for a cell that an error has ended already.
                if (cell is null || cell.Name == release.Cell)
                {
                    Release();
                    channel.Send(new Reply.Released(release.Cell));
                    break;
                }

                throw new ArgumentException($"cell: '{release.Cell}' is not prepared, '{cell.Name}' is.");
            case Request.Bye:
                Release();
                channel.Send(new Reply.Bye());
                break;
            default:
                throw new UnreachableException();
        }
    }

    private Reply.Hello Greet(Request.Hello hello)
    {
        if (hello.Protocol != ProtocolVersion.Current)
        {
            // The engine refuses this worker by the number in the answer; the framework need not load for that.
            return Introduction(new Dictionary<string, string>());
        }

        Release();
        device = Framework.Load(hello.Device, hello.Threads, hello.Flags ?? new Dictionary<string, bool>());
        return Introduction(EnvironmentEntries.Read(device));
    }

    private static Reply.Hello Introduction(IReadOnlyDictionary<string, string> environment) =>
        new(ProtocolVersion.Current, Description.Backend, EnvironmentEntries.TorchSharpVersion, environment);

    private ComputeDevice RequireReady(string wanted)
    {
        if (cell is not null)
        {
            throw new ArgumentException($"cell: '{cell.Name}' is prepared; release it before '{wanted}'.");
        }

        return device
            ?? throw new ArgumentException($"cell: '{wanted}' came before a hello that succeeded; say hello first.");
    }

    private PreparedCell Require(string wanted) =>
        cell is { } prepared && prepared.Name == wanted
            ? prepared
            : throw new ArgumentException(
                $"cell: '{wanted}' is not prepared{(cell is null ? "" : $", '{cell.Name}' is")}; prepare it first."
            );

    private void Release()
    {
        cell?.Dispose();
        cell = null;
    }

    private static Request Parse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize<Request>(line, ProtocolJson.Options)
                ?? throw new ProtocolException("The line is null; send one request, a JSON object, a line.", null);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            var start = Encoding.UTF8.GetString(line.AsSpan(0, Math.Min(80, line.Length)));
            throw new ProtocolException(
                $"'{start}' is no request of protocol {ProtocolVersion.Current}: {e.Message}",
                e
            );
        }
    }

    private static string? CellOf(Request? request) =>
        request switch
        {
            Request.Prepare r => r.Cell,
            Request.Measure r => r.Cell,
            Request.MeasureMemory r => r.Cell,
            Request.Train r => r.Cell,
            Request.Output r => r.Cell,
            Request.Release r => r.Cell,
            _ => null,
        };
}
