namespace Layerbench.Core.Analysis;

/// <summary>Why a GPU runs slower than it could, as NVML numbers it (nvml.h, <c>nvmlClocksEventReasons</c>). Others are left out.</summary>
[Flags]
public enum GpuSlowdown
{
    None = 0,

    /// <summary>Nothing runs: the clock of such a reading says nothing.</summary>
    Idle = 0x1,

    /// <summary>Heat or power beyond a hardware limit; the clock is halved or worse.</summary>
    Hardware = 0x8,
    SoftwareThermal = 0x20,
    HardwareThermal = 0x40,

    /// <summary>The power supply asked for less.</summary>
    PowerBrake = 0x80,
}

/// <summary>A GPU's state at one moment.</summary>
/// <param name="AtNanoseconds">Of the machine's monotonic clock (Linux <c>CLOCK_MONOTONIC</c>), which samples are timed by too.</param>
/// <param name="ClockMegahertz">Of the multiprocessors; null where it is not told.</param>
/// <param name="Slowdown">As a set of bits, other reasons among them.</param>
/// <param name="Celsius">Null where it is not told.</param>
/// <param name="Watts">Null where it is not told.</param>
public readonly record struct GpuReading(
    long AtNanoseconds,
    int? ClockMegahertz,
    GpuSlowdown Slowdown,
    int? Celsius = null,
    double? Watts = null
);
