"""The exchange of a quality pass: each variant's run in turn, its progress, and the engine's word at a rung."""
from __future__ import annotations

import time

from faults import classify
from protocol import Channel, ProtocolViolation
from training import Line
from workload import Workload


class EngineGone(Exception):
    """Standard input ended where an answer was due."""


def train(cell: str, works: list[Workload], rungs: list[int], channel: Channel) -> dict:
    """The reply that ends it; progress and rungs are written on the way."""
    start, learnt = time.perf_counter(), []
    for place, work in enumerate(works):
        try:
            learnt.append(work.pass_.study(work).run(rungs, _line(cell, place, channel)))
        except (ProtocolViolation, EngineGone, BrokenPipeError):
            raise
        except Exception as error:
            raise classify(error, work.label) from error
    seconds = time.perf_counter() - start
    return {"type": "trained", "cell": cell, "seconds": seconds, "variants": [vars(one) for one in learnt]}


def _line(cell: str, place: int, channel: Channel) -> Line:
    def progress(step: int, values: dict[str, float]) -> None:
        channel.write(type="progress", cell=cell, variant=place, step=step, values=values)

    def decide(step: int, value: float) -> bool:
        channel.write(type="rung", cell=cell, variant=place, step=step, value=value)
        answer = channel.read()
        if answer is None:
            raise EngineGone
        right = (answer["type"], answer.get("cell"), answer.get("variant")) == ("decide", cell, place)
        if not right or not isinstance(answer.get("go"), bool):
            raise ProtocolViolation(f"a rung of {cell}, variant {place}, waits for its decide; got {answer}")
        return answer["go"]

    return Line(progress, decide)
