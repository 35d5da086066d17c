"""Induction (Olsson et al. 2022, arXiv:2209.11895; as a task: Gu and Dao 2023, arXiv:2312.00752, section 4.1.2)."""
from __future__ import annotations

from catalogue import Axis, Tensor
from passes import _learning, _tokens

TRIGGER = 0
PASS = _tokens.pass_of(
    "induction",
    "trains a model with the variant as its token mixer to say, at the last token, what stood behind the same token "
    "when it came before",
    learning_rate="0.002",
    steps="2000",
    axes=(Axis("vocabulary", "integer", "tokens: 0 the one that comes twice, the others at random", "16", 3),),
    guess="1 / (vocabulary - 1)",
)
GRADIENTS = True
INPUT_GRADIENT = True


def tensors(p: dict) -> tuple[Tensor, ...]:
    return ()


def check(p: dict) -> None:
    _learning.require(p["seq_len"] >= 3, "seq_len", f"is {p['seq_len']}; give at least 3: twice the token and what is between")


def batch(draws: _learning.Draws, name: str, count: int, p: dict):
    length = p["seq_len"]
    others = p["vocabulary"] - 1
    # The generator's largest number is 1 - 2**-33.
    tokens = 1 + (draws.uniform(f"tokens@{name}", (count, length)) * others).long()
    place = (draws.uniform(f"place@{name}", (count, 1)) * (length - 2)).long()
    tokens.scatter_(1, place, TRIGGER)
    tokens[:, -1] = TRIGGER
    targets = tokens.new_full(tokens.shape, _tokens.NO_TARGET)
    targets[:, -1:] = tokens.gather(1, place + 1)
    return tokens, targets


def study(work):
    return _tokens.study(work, batch, work.parameters["vocabulary"])
