using System.Buffers.Text;
using Layerbench.Worker.Native;
using Microsoft.Win32.SafeHandles;

namespace Layerbench.Worker.Measuring;

/// <summary>Outside evidence beside a sample.</summary>
/// <param name="CpuNanoseconds">CPU time of all threads of the process.</param>
/// <param name="Involuntary">Context switches against the process's will; −1 where unknown.</param>
/// <param name="PressureMicroseconds">Time in which some task of the machine waited for a CPU; −1 where unknown.</param>
internal readonly record struct CounterReading(long CpuNanoseconds, long Involuntary, long PressureMicroseconds)
{
    public CounterReading Since(CounterReading start) =>
        new(
            Difference(CpuNanoseconds, start.CpuNanoseconds),
            Difference(Involuntary, start.Involuntary),
            Difference(PressureMicroseconds, start.PressureMicroseconds)
        );

    private static long Difference(long end, long start) => end < 0 || start < 0 ? -1 : end - start;
}

/// <summary>Reads the counters; the file of the pressure stays open, because opening costs more than reading.</summary>
internal sealed class Counters : IDisposable
{
    private readonly SafeFileHandle? pressure = OpenPressure();
    private readonly byte[] buffer = new byte[256];

    public CounterReading Read() => new(Libc.ProcessCpuNanoseconds(), Libc.InvoluntarySwitches(), ReadPressure());

    public void Dispose() => pressure?.Dispose();

    /// <summary><c>some … total=123</c> is the first line; see Documentation/accounting/psi.rst of Linux.</summary>
    private long ReadPressure()
    {
        if (pressure is null)
        {
            return -1;
        }

        var text = buffer.AsSpan(0, RandomAccess.Read(pressure, buffer, 0));
        var at = text.IndexOf("total="u8);
        return at >= 0 && Utf8Parser.TryParse(text[(at + 6)..], out long total, out _) ? total : -1;
    }

    private static SafeFileHandle? OpenPressure()
    {
        try
        {
            var handle = File.OpenHandle("/proc/pressure/cpu");
            // Kernels with psi=0 let the file be opened and refuse to read it.
            RandomAccess.Read(handle, new byte[1], 0);
            return handle;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }
}
