# SPDX-License-Identifier: MIT
"""Samples a second that PyTorch trains: torch_step.py 784-32-10 BATCH THREADS SECONDS_BEFORE SECONDS"""
import sys
import time

import torch
from torch import nn

sizes = [int(size) for size in sys.argv[1].split("-")]
batch, threads = int(sys.argv[2]), int(sys.argv[3])
before, seconds = float(sys.argv[4]), float(sys.argv[5])
torch.set_num_threads(threads)
layers = []
for inputs, outputs in zip(sizes, sizes[1:]):
    layers += [nn.Linear(inputs, outputs), nn.ReLU()]
model = nn.Sequential(*layers[:-1])
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9)
loss = nn.CrossEntropyLoss()
x, labels = torch.randn(batch, sizes[0]), torch.arange(batch) % sizes[-1]


def speed(seconds):
    start, turns = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        optimizer.zero_grad()
        loss(model(x), labels).backward()
        optimizer.step()
        turns += 1
    return turns * batch / (time.perf_counter() - start)


speed(before)
print(speed(seconds))
