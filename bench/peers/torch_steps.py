"""PyTorch's training step, on the CPU: python3 torch_steps.py FOLDER WORKLOADS THREADS ROUNDS

FOLDER holds x.f32 (images of 784 float32) and y.u8 (their classes). Prints one JSON object a line, with the fields
that bench/steps.ts prints; time is taken as in bench/measure.ts.
"""
import json
import statistics
import sys
import time
from pathlib import Path

import numpy
import torch
from torch import nn


def chain(layers):
    parts = []
    for before, after in zip(layers, layers[1:]):
        parts += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*parts[:-1])


def seconds_per_step(work, images, labels):
    torch.manual_seed(0)
    model = chain(work["layers"])
    if work["optimizer"] == "sgd":
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    else:
        optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    loss_of = nn.CrossEntropyLoss()
    size = work["batch"]
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
    length = max(1, work["steps"] // 10)
    pieces = []
    for piece in range(10):
        start = time.perf_counter()
        for i in range(length):
            step(20 + piece * length + i)
        pieces.append((time.perf_counter() - start) / length)
    return statistics.median(pieces)


folder, workloads, threads, rounds = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
images = torch.from_numpy(numpy.fromfile(folder / "x.f32", dtype="<f4").reshape(-1, 784))
labels = torch.from_numpy(numpy.fromfile(folder / "y.u8", dtype="u1").astype("int64"))
for work in json.loads(workloads.read_text()):
    seconds = min(seconds_per_step(work, images, labels) for _ in range(rounds))
    weights = sum(a * b for a, b in zip(work["layers"], work["layers"][1:]))
    print(json.dumps({
        "engine": f"torch {torch.__version__}",
        "threads": threads,
        "workload": work["name"],
        "us_per_step": round(seconds * 1e6, 1),
        "gflops": round(6 * weights * work["batch"] / seconds / 1e9, 2),
    }), flush=True)
