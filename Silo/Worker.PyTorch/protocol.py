"""The lines: JSON objects in on standard input, out on what was standard output. See docs/protocol.md."""
from __future__ import annotations

import json
import os
import select
import sys
import threading
import time

MAXIMUM_LINE_BYTES = 16 * 1024 * 1024


class ProtocolViolation(Exception):
    """What came in is not this protocol; the stream cannot be trusted any more."""


class Channel:
    """Takes standard output for itself: from now on what a library prints goes to standard error."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._out = os.dup(1)
        os.dup2(2, 1)
        self._in = sys.stdin.buffer

    def read(self) -> dict | None:
        """The next message, or None at the end of input."""
        line = self._in.readline(MAXIMUM_LINE_BYTES + 1)
        if not line:
            return None
        if len(line) > MAXIMUM_LINE_BYTES:
            raise ProtocolViolation(f"a line is longer than {MAXIMUM_LINE_BYTES} bytes")
        try:
            message = json.loads(line)
        except ValueError as error:
            raise ProtocolViolation(f"a line is no JSON ({error}): {line[:200]!r}") from error
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise ProtocolViolation(f"a line is no JSON object with a text under 'type': {line[:200]!r}")
        return message

    def write(self, **message) -> None:
        """One line, `type` first; fields that are None are left out. NaN is no JSON and raises."""
        message = {k: v for k, v in message.items() if v is not None}
        data = json.dumps(message, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        while data:
            data = data[os.write(self._out, data) :]


class EngineWatch:
    """Ends the process when the engine is gone, even in the middle of a measurement.

    A thread that sleeps in poll() until standard input hangs up: it takes neither a CPU nor the interpreter lock
    before that, so it does not disturb timing. PR_SET_PDEATHSIG would be simpler but is sent when the parent's
    *thread* that forked ends (prctl(2)), and a thread pool's threads end while the engine lives.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._working = False
        self._hung_up = False
        threading.Thread(target=self._wait, name="engine-watch", daemon=True).start()

    def __enter__(self) -> None:
        """Work begins. Between works the reader itself sees the end of input, after the lines that came before it."""
        with self._lock:
            self._working = True
            if self._hung_up:
                os._exit(1)

    def __exit__(self, *_) -> None:
        with self._lock:
            self._working = False

    def _wait(self) -> None:
        poll = select.poll()
        poll.register(0, 0)  # hang-ups are reported without being asked for
        try:
            poll.poll()
        except OSError:
            return
        # An answer that the engine has read may have been written a moment before the work is over here.
        time.sleep(0.1)
        with self._lock:
            self._hung_up = True
            if self._working:
                os._exit(1)
