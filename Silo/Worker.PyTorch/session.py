"""The exchange: one engine, one device, one cell at a time."""
from __future__ import annotations

import sys
import time
import traceback
from typing import Any

import catalogue
import measure
import memory
import outputs
import peaks
import studies
import workload
from faults import Fault, classify, is_lost_device
from gate import Gate
from protocol import Channel, EngineWatch, ProtocolViolation

EXIT_ENGINE_GONE = 1
EXIT_PROTOCOL = 2
EXIT_LOST_DEVICE = 3


class Cell:
    """What `prepare` made."""

    def __init__(self, name: str, works: list[workload.Workload]):
        self.name = name
        self.works = works
        self._kernels: list[tuple[str, workload.Kernel]] | None = None

    @property
    def kernels(self) -> list[tuple[str, workload.Kernel]]:
        """Built at the first use: an optimiser is of no use to `output`."""
        if self._kernels is None:
            self._kernels = [(w.label, w.kernel()) for w in self.works]
        return self._kernels


class Session:
    def __init__(self, channel: Channel):
        self._channel = channel
        self._watch = EngineWatch()
        self._device: Any = None
        self._flags: dict[str, bool] = {}
        self._variants = catalogue.variants()
        self._passes = catalogue.passes()
        self._cell: Cell | None = None
        self._device_lost = False

    def run(self) -> int:
        """Until `bye` or the end of input; returns the exit code."""
        try:
            while True:
                message = self._channel.read()
                if message is None:
                    return 0
                if message["type"] == "bye":  # no work: it is answered even by an engine that has hung up
                    self._channel.write(type="bye")
                    return 0
                # The last line is written after the work has ended: the engine may hang up as soon as it has read it.
                with self._watch:
                    reply = self._answer(message)
                self._channel.write(**reply)
                if self._device_lost:
                    return EXIT_LOST_DEVICE
        except ProtocolViolation as error:
            self._channel.write(type="error", kind="error", message=str(error))
            return EXIT_PROTOCOL
        except studies.EngineGone:
            return EXIT_ENGINE_GONE
        except BrokenPipeError:
            return 0

    def _answer(self, message: dict) -> dict:
        """The reply that ends the exchange; a measurement's others have been written by then."""
        handler = getattr(self, f"_on_{message['type']}", None) if message["type"] in TYPES else None
        if handler is None:
            raise ProtocolViolation(f"type: '{message['type']}' is unknown; give {', '.join(TYPES)} or bye")
        try:
            return handler(message)
        except (ProtocolViolation, studies.EngineGone, BrokenPipeError):
            raise
        except Exception as error:  # whatever it is, it is told, and the cell is over
            return self._trouble(error, message)

    def _trouble(self, error: Exception, message: dict) -> dict:
        fault = classify(error)
        cause = error.__cause__ or error
        if not isinstance(cause, Fault):
            traceback.print_exception(type(cause), cause, cause.__traceback__, file=sys.stderr)
        self._device_lost = is_lost_device(cause)
        for e in (error, cause):
            e.__traceback__ = e.__cause__ = e.__context__ = None  # frames hold tensors
        if self._cell is None or self._cell.name == message.get("cell"):
            self._free()
        return {
            "type": "error",
            "cell": message.get("cell"),
            "variant": fault.variant,
            "kind": fault.kind,
            "message": fault.message,
        }

    def _on_hello(self, message: dict) -> dict:
        if message.get("protocol") != catalogue.PROTOCOL:
            return _hello("", {})
        if self._device is not None:
            raise Fault("error", "hello: was said before; start a worker for each device")
        threads = _field(message, "threads", int)
        if threads < 1:
            raise Fault("error", f"threads: is {threads}; give at least 1")
        # Not at the top: --describe and the refusal of a version must not load the framework.
        import devices
        import environment

        self._flags = _field(message, "flags", dict)
        self._device = devices.open_device(_field(message, "device", str), threads, self._flags)
        environment.bind_blas_threads(threads)
        import torch

        return _hello(torch.__version__, environment.entries(self._device, self._flags))

    def _on_prepare(self, message: dict) -> dict:
        name = _field(message, "cell", str)
        if self._device is None:
            raise Fault("error", "prepare: comes before hello; say hello first")
        if self._cell is not None:
            raise Fault("error", f"prepare: cell {self._cell.name} is prepared; release it first")
        pass_ = self._passes.get(_field(message, "pass", str))
        if pass_ is None:
            raise Fault("unsupported", f"pass: '{message['pass']}' is unknown; give {', '.join(sorted(self._passes))}")
        dtype = _field(message, "dtype", str)
        if dtype not in catalogue.DTYPES:
            raise Fault("unsupported", f"dtype: '{dtype}' is unknown; give {', '.join(catalogue.DTYPES)}")
        seed = _field(message, "seed", int)
        inputs = workload.Inputs(seed, self._device.name, dtype)
        works = []
        for use in _field(message, "variants", list):
            variant = self._variants.get(use.get("variant"))
            if variant is None:
                known = ", ".join(sorted(self._variants))
                unknown = f"variant: '{use.get('variant')}' is unknown; give {known}"
                raise Fault("unsupported", unknown, use.get("label"))
            try:
                works.append(workload.make(use, variant, pass_, inputs))
            except Exception as error:
                raise classify(error, use.get("label")) from error
        start = time.perf_counter()
        verdicts = Gate(dtype, self._tf32).check(works) if _field(message, "gate", bool) else [None] * len(works)
        self._device.free_cache()
        self._cell = Cell(name, works)
        return {
            "type": "prepared",
            "cell": name,
            "gate_seconds": time.perf_counter() - start,
            "variants": [_facts(w, v) for w, v in zip(works, verdicts)],
        }

    @property
    def _tf32(self) -> bool:
        return self._device.kind == "cuda" and bool(self._flags.get("tf32"))

    def _on_measure(self, message: dict) -> dict:
        cell = self._prepared(message)
        self._require(cell, "time", "train")
        rules = measure.Rules(
            _field(message, "minimum_sample_nanoseconds", int),
            _field(message, "warm_up_minimum_seconds", (int, float)),
            _field(message, "warm_up_maximum_seconds", (int, float)),
        )
        orders = _field(message, "orders", list)
        for order in orders:
            if sorted(order) != list(range(len(cell.works))):
                raise Fault("error", f"orders: {order} is no order of {len(cell.works)} variants; name each place once")
        section = measure.Section(self._device)
        kernels = cell.kernels
        with measure.NoCollection():
            warmed = measure.warm_up(kernels, section, rules)
            self._channel.write(type="warmed", cell=cell.name, **vars(warmed))
            side = measure.side_repetitions(kernels, warmed.iterations, section)
            seconds = measure.blocks(
                kernels,
                orders,
                warmed.iterations,
                side,
                section,
                lambda rows: self._channel.write(type="samples", cell=cell.name, rows=rows),
            )
        told = [None if kernel.series is None else kernel.series() for _, kernel in kernels]
        series = {"series": told} if any(told) else {}
        return {"type": "measured", "cell": cell.name, "seconds": seconds, **series}

    def _on_train(self, message: dict) -> dict:
        cell = self._prepared(message)
        rungs = _field(message, "rungs", list)
        if not all(isinstance(step, int) and step >= 1 for step in rungs):
            raise Fault("error", f"rungs: {rungs} are no steps; give integers of at least 1")
        self._require(cell, "quality", "measure")
        return studies.train(cell.name, cell.works, rungs, self._channel)

    def _on_memory(self, message: dict) -> dict:
        cell = self._prepared(message)
        self._require(cell, "time", "train")
        peaks, method = [], ""
        for label, kernel in cell.kernels:
            try:
                peak, method = memory.peak_bytes(kernel, self._device)
            except Exception as error:
                raise classify(error, label) from error
            peaks.append(peak)
        return {"type": "memory", "cell": cell.name, "peak_bytes": peaks, "method": method}

    def _on_output(self, message: dict) -> dict:
        cell = self._prepared(message)
        shapes, texts = zip(*(outputs.encoded(work) for work in cell.works)) if cell.works else ((), ())
        return {"type": "outputs", "cell": cell.name, "shapes": shapes, "base64": texts}

    def _on_canary(self, message: dict) -> dict:
        if self._device is None:
            raise Fault("error", "canary: comes before hello; say hello first")
        gemm, triad = peaks.measure(self._device)
        self._device.free_cache()
        return {"type": "canary", "gemm_flops_per_second": gemm, "triad_bytes_per_second": triad}

    def _on_release(self, message: dict) -> dict:
        """Also for a cell that an error has already ended: told twice is told once."""
        name = _field(message, "cell", str)
        if self._cell is not None and self._cell.name == name:
            self._free()
        return {"type": "released", "cell": name}

    def _prepared(self, message: dict) -> Cell:
        name = _field(message, "cell", str)
        if self._cell is None or self._cell.name != name:
            raise Fault("error", f"{message['type']}: cell {name} is not prepared; send prepare first")
        return self._cell

    @staticmethod
    def _require(cell: Cell, kind: str, instead: str) -> None:
        pass_ = cell.works[0].pass_.PASS if cell.works else None
        if pass_ is not None and pass_.kind != kind:
            raise Fault("error", f"pass: '{pass_.name}' is of kind {pass_.kind}; send {instead}")

    def _free(self) -> None:
        self._cell = None
        if self._device is not None:
            import gc

            gc.collect()
            self._device.free_cache()


TYPES = ("hello", "prepare", "measure", "train", "memory", "output", "release", "canary")


def _hello(version: str, entries: dict[str, str]) -> dict:
    return {
        "type": "hello",
        "protocol": catalogue.PROTOCOL,
        "backend": catalogue.BACKEND,
        "version": version,
        "environment": entries,
    }


def _field(message: dict, name: str, kind):
    value = message.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Fault("error", f"{message['type']}.{name}: is {value!r}; docs/protocol.md says what it must be")
    return value


def _facts(work: workload.Workload, verdict) -> dict:
    facts = {"label": work.label, "parameter_count": work.parameter_count}
    if verdict is not None:
        facts.update({k: v for k, v in vars(verdict).items() if v is not None})
    return facts
