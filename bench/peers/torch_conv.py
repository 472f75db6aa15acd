"""PyTorch's training step of a network of LeNet-5's size, on the CPU: python3 torch_conv.py FOLDER THREADS ROUNDS BATCH STEPS

FOLDER holds x.f32 (images of 784 float32) and y.u8 (their classes). Prints one JSON object: microseconds a step, taken as in
bench/measure.ts.
"""
import json
import statistics
import sys
import time
from pathlib import Path

import numpy
import torch
from torch import nn


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )


def seconds_per_step(images, labels, size, steps):
    torch.manual_seed(0)
    model = lenet()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    loss_of = nn.CrossEntropyLoss()
    places = len(images) // size

    def step(i):
        first = (i % places) * size
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(images[first:first + size]), labels[first:first + size]).backward()
        optimizer.step()

    warm = time.perf_counter() + 0.7
    i = 0
    while i < 20 or time.perf_counter() < warm:
        step(i)
        i += 1
    length = max(1, steps // 10)
    pieces = []
    for piece in range(10):
        start = time.perf_counter()
        for i in range(length):
            step(20 + piece * length + i)
        pieces.append((time.perf_counter() - start) / length)
    return statistics.median(pieces)


folder, threads, rounds, batch, steps = Path(sys.argv[1]), *map(int, sys.argv[2:6])
torch.set_num_threads(threads)
images = torch.from_numpy(numpy.fromfile(folder / "x.f32", dtype="<f4").reshape(-1, 1, 28, 28))
labels = torch.from_numpy(numpy.fromfile(folder / "y.u8", dtype="u1").astype("int64"))
seconds = min(seconds_per_step(images, labels, batch, steps) for _ in range(rounds))
print(json.dumps({"engine": f"torch {torch.__version__}", "us_per_step": round(seconds * 1e6, 1)}))
