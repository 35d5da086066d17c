"""k-way parity: an interaction of exactly `ways` tokens, of which no part tells anything."""
from __future__ import annotations

from catalogue import Axis, Tensor
from passes import _learning, _tokens

PASS = _tokens.pass_of(
    "parity",
    "trains a model with the variant as its token mixer on the parity of `ways` random bits, each `distance` before the "
    "next, asked for at every token that has them: interaction of `ways` tokens and no fewer",
    learning_rate="0.002",
    steps="1000",
    axes=(
        Axis("ways", "integer", "bits whose parity is asked for", "3", 2),
        Axis("distance", "integer", "tokens from one of them to the next; (ways - 1) * distance is less than seq_len", "5", 1),
    ),
    guess="0.5",
    vocabulary="2",
)
GRADIENTS = True
INPUT_GRADIENT = True


def tensors(p: dict) -> tuple[Tensor, ...]:
    return ()


def check(p: dict) -> None:
    reach = (p["ways"] - 1) * p["distance"]
    rule = f"is {p['ways']}, which reaches {reach} tokens back in {p['seq_len']}; give (ways - 1) * distance < seq_len"
    _learning.require(reach < p["seq_len"], "ways", rule)


def batch(draws: _learning.Draws, name: str, count: int, p: dict):
    ways, distance = p["ways"], p["distance"]
    reach = (ways - 1) * distance
    bits = (draws.uniform(f"bits@{name}", (count, p["seq_len"])) < 0.5).long()
    targets = bits.new_full(bits.shape, _tokens.NO_TARGET)
    targets[:, reach:] = sum(bits[:, i * distance : bits.shape[1] - reach + i * distance] for i in range(ways)) % 2
    return bits, targets


def study(work):
    return _tokens.study(work, batch, vocabulary=2)
