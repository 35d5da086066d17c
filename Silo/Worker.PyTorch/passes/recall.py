"""Multi-query associative recall (Arora et al. 2023, arXiv:2312.04927): what stood behind this key?"""
from __future__ import annotations

from catalogue import Axis, Tensor
from passes import _learning, _tokens

PASS = _tokens.pass_of(
    "recall",
    "trains a model with the variant as its token mixer on multi-query associative recall: pairs of key and value, then "
    "each key once more, at which its value is asked for",
    learning_rate="0.002",
    steps="1000",
    axes=(
        Axis("pairs", "integer", "pairs of key and value; 3 times as many tokens must fit into seq_len", "4", 1),
        Axis("vocabulary", "integer", "tokens: 0 for none, the lower half keys, the upper half values", "32", 4),
    ),
    guess="1 / pairs",
)
GRADIENTS = True
INPUT_GRADIENT = True


def tensors(p: dict) -> tuple[Tensor, ...]:
    return ()


def check(p: dict) -> None:
    pairs, length, vocabulary = p["pairs"], p["seq_len"], p["vocabulary"]
    rule = f"are {pairs} in sequences of {length} tokens; give at most seq_len / 3, for each key stands there twice"
    _learning.require(3 * pairs <= length, "pairs", rule)
    rule = f"are {pairs} of a vocabulary of {vocabulary}; give at most {vocabulary // 2 - 1}, for no key stands for two"
    _learning.require(pairs < vocabulary // 2, "pairs", rule)


def batch(draws: _learning.Draws, name: str, count: int, p: dict):
    """Keys 1 to V/2 - 1 and values V/2 to V - 1 of a sequence are different ones; the queries stand anywhere behind
    the pairs, token 0 between them."""
    import torch

    pairs, length, half = p["pairs"], p["seq_len"], p["vocabulary"] // 2

    def chosen(what: str, among: int):
        return draws.uniform(f"{what}@{name}", (count, among)).argsort(-1)[:, :pairs]

    keys = 1 + chosen("keys", half - 1)
    values = half + chosen("values", p["vocabulary"] - half)
    places = 2 * pairs + chosen("places", length - 2 * pairs)
    tokens = torch.zeros(count, length, dtype=torch.int64, device=keys.device)
    tokens[:, 0 : 2 * pairs : 2] = keys
    tokens[:, 1 : 2 * pairs : 2] = values
    tokens.scatter_(1, places, keys)
    targets = torch.full_like(tokens, _tokens.NO_TARGET).scatter_(1, places, values)
    return tokens, targets


def study(work):
    return _tokens.study(work, batch, work.parameters["vocabulary"])
