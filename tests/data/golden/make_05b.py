# SPDX-License-Identifier: MIT
"""Writes 05b_optimizer_options.json: 20 steps of PyTorch's optimizers in float64, with the options that 05_optimizers.json
lacks, on its two problems. Run it in this folder with PyTorch 1.13."""
import json

import torch

STEPS = 20
CASES = [
    ("adam", {"lr": 0.1, "amsgrad": True}),
    ("adam", {"lr": 0.1, "weight_decay": 0.1, "amsgrad": True}),
    ("adamw", {"lr": 0.1, "weight_decay": 0.01, "amsgrad": True}),
    ("rmsprop", {"lr": 0.01, "centered": True}),
    ("rmsprop", {"lr": 0.01, "momentum": 0.9, "centered": True}),
    ("sgd", {"lr": 0.05, "momentum": 0.9, "dampening": 0.5}),
    ("sgd", {"lr": 0.05, "momentum": 0.9, "dampening": 0.9, "weight_decay": 0.01}),
    ("adagrad", {"lr": 0.5, "initial_accumulator_value": 0.25}),
]
CLASSES = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop, "sgd": torch.optim.SGD,
           "adagrad": torch.optim.Adagrad}


def tensor(entry):
    return torch.tensor(entry["data"], dtype=torch.float64).reshape(entry["shape"])


def entry(values):
    stacked = torch.stack(values)
    return {"shape": list(stacked.shape), "data": stacked.flatten().tolist()}


def run(parameters, loss_of, name, options):
    for parameter in parameters.values():
        parameter.requires_grad_(True)
    optimizer = CLASSES[name](parameters.values(), **options)
    path, losses = {key: [value.detach().clone()] for key, value in parameters.items()}, []
    for step in range(STEPS + 1):
        optimizer.zero_grad()
        loss = loss_of(parameters)
        losses.append(loss.item())
        if step == STEPS:
            break
        loss.backward()
        optimizer.step()
        for key, value in parameters.items():
            path[key].append(value.detach().clone())
    return {"trajectory": {key: entry(values) for key, values in path.items()}, "losses": losses}


def main():
    problems = json.load(open("05_optimizers.json"))["problems"]
    quadratic, linear = problems["quadratic"], problems["linear"]
    a, b, x, t = tensor(quadratic["A"]), tensor(quadratic["b"]), tensor(linear["X"]), tensor(linear["t"])
    cases = []
    for name, options in CASES:
        cases.append({"optimizer": name, "options": options, "problems": {
            "quadratic": run({"w": tensor(quadratic["w0"])}, lambda p: p["w"] @ a @ p["w"] / 2 - b @ p["w"], name, options),
            "linear": run({"W": tensor(linear["W0"]), "c": tensor(linear["c0"])},
                          lambda p: ((x @ p["W"] + p["c"] - t) ** 2).mean(), name, options)}})
    with open("05b_optimizer_options.json", "w", encoding="utf-8", newline="\n") as file:
        json.dump({"format": "nativemlp-golden/1", "name": "optimizer options",
                   "description": f"{STEPS} steps of PyTorch {torch.__version__} in float64, by make_05b.py; A is symmetric",
                   "problems": problems, "cases": cases}, file)
        file.write("\n")


if __name__ == "__main__":
    main()
