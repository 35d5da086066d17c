"""Counts the FLOPs of the products that the framework is asked for, a multiply-accumulate as 2, by listening to it.

Reads {variant: parameters} from standard input, writes {variant: FLOPs of one forward pass}.
"""
import json
import sys

import torch
from layers import VARIANTS, batch, layer, weights
from torch.utils._python_dispatch import TorchDispatchMode


class Count(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.flops = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {}))
        name = func.__name__.split(".")[0]
        if name in ("mm", "bmm"):
            self.flops += 2 * made.numel() * args[0].shape[-1]
        elif name in ("addmm", "baddbmm", "_addmm_activation"):
            self.flops += 2 * made.numel() * args[1].shape[-1]
        elif name == "convolution":
            self.flops += 2 * made.numel() * args[1][0].numel()
        elif "scaled_dot_product" in name:  # one operator, two products
            query, key = args[:2]
            self.flops += 4 * query.numel() * key.shape[-2]
        return made


counts = {}
for name, p in json.load(sys.stdin).items():
    x = batch(p)
    if getattr(VARIANTS[name], "LAYOUT", None) == "channels_first":
        x = x.transpose(1, 2).contiguous()
    forward = layer(name, p, weights(name, p))
    with torch.no_grad(), Count() as count:
        forward(x)
    counts[name] = count.flops
print(json.dumps(counts))
