"""The loop that someone without a harness would write: ffn.dense forward, seconds of one iteration (median of 200 samples)."""
import time
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(1)
x = torch.randn(8, 32, 128)
w1, b1 = torch.randn(512, 128) * 128 ** -0.5, torch.randn(512) * 0.01
w2, b2 = torch.randn(128, 512) * 512 ** -0.5, torch.randn(128) * 0.01


def ffn():
    return F.linear(F.relu(F.linear(x.view(-1, 128), w1, b1)), w2, b2).view(8, 32, 128)


with torch.inference_mode():
    start = time.perf_counter()
    times = []
    while time.perf_counter() - start < 0.4:
        t = time.perf_counter()
        ffn()
        times.append(time.perf_counter() - t)
    iterations = max(1, -int(-1e-3 // sorted(times)[len(times) // 2]))
    samples = []
    for _ in range(200):
        t = time.perf_counter()
        for _ in range(iterations):
            ffn()
        samples.append((time.perf_counter() - t) / iterations)
print(sorted(samples)[100])
