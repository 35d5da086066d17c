"""What the operating system knows of a timed section: CPU time, involuntary switches, pressure."""
from __future__ import annotations

import os
import re
import resource
import time

PRESSURE = "/proc/pressure/cpu"
_TOTAL = re.compile(rb"some .*total=(\d+)")


class Counters:
    """Read before and after a section, outside its clock. All of the process, its threads included."""

    def __init__(self, pressure_file: str = PRESSURE) -> None:
        try:
            self._pressure = os.open(pressure_file, os.O_RDONLY)
            self._read_pressure()
        except (OSError, AttributeError):  # no such file, or pressure accounting is off
            self._pressure = None

    def read(self) -> tuple[int, int, int]:
        """(pressure in microseconds or -1, involuntary switches, CPU nanoseconds)."""
        pressure = -1 if self._pressure is None else self._read_pressure()
        return pressure, resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw, time.process_time_ns()

    def _read_pressure(self) -> int:
        return int(_TOTAL.match(os.pread(self._pressure, 256, 0)).group(1))


def difference(before: tuple[int, int, int], after: tuple[int, int, int]) -> tuple[int, int, int]:
    """(CPU nanoseconds, involuntary switches, pressure in microseconds or -1), in a row's order."""
    pressure = -1 if before[0] < 0 else after[0] - before[0]
    return after[2] - before[2], after[1] - before[1], pressure
