"""Selective copying (Gu and Dao 2023, arXiv:2312.00752, section 4.1.1): write down the tokens that matter, in order."""
from __future__ import annotations

from catalogue import Axis, Tensor
from passes import _learning, _tokens

BLANK, ASK, FIRST = 0, 1, 2
PASS = _tokens.pass_of(
    "selective_copy",
    "trains a model with the variant as its token mixer to copy `items` tokens that stand anywhere among blanks, in "
    "their order, at the end of the sequence",
    learning_rate="0.002",
    steps="1000",
    axes=(
        Axis("items", "integer", "tokens to copy; at most half of seq_len", "4", 1),
        Axis("vocabulary", "integer", "tokens: 0 a blank, 1 asks, the others are copied", "16", 4),
    ),
    guess="1 / items",
)
GRADIENTS = True
INPUT_GRADIENT = True


def tensors(p: dict) -> tuple[Tensor, ...]:
    return ()


def check(p: dict) -> None:
    items, length = p["items"], p["seq_len"]
    rule = f"are {items} in sequences of {length} tokens; give at most seq_len / 2, for each stands there twice"
    _learning.require(2 * items <= length, "items", rule)
    rule = f"are {items} of a vocabulary of {p['vocabulary']}; give at most vocabulary - 2, for no two are the same"
    _learning.require(items <= p["vocabulary"] - FIRST, "items", rule)


def batch(draws: _learning.Draws, name: str, count: int, p: dict):
    """The items of a sequence are different ones, so that naming any of them at random is right once in `items`."""
    import torch

    items, body = p["items"], p["seq_len"] - p["items"]
    chosen = FIRST + draws.uniform(f"items@{name}", (count, p["vocabulary"] - FIRST)).argsort(-1)[:, :items]
    places = draws.uniform(f"places@{name}", (count, body)).argsort(-1)[:, :items].sort(-1).values
    tokens = torch.full((count, p["seq_len"]), BLANK, dtype=torch.int64, device=chosen.device)
    tokens.scatter_(1, places, chosen)
    tokens[:, body:] = ASK
    targets = torch.full_like(tokens, _tokens.NO_TARGET)
    targets[:, body:] = chosen
    return tokens, targets


def study(work):
    return _tokens.study(work, batch, work.parameters["vocabulary"])
