#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Decides how many networks a model of a table has by default, and writes what it found as Markdown.

    ensemble.py DATA RUNNER... > bench/results/MACHINE/ensemble.md

DATA is the folder with adult.csv.gz and the other sets, RUNNER the command that starts nativemlp. Only training rows decide: of the
files with test rows of their own, those are not read; of the others, each seed first puts a fifth of the rows away, which nobody
looks at. From what remains, another fifth is cut for the decision; models are trained on the rest and compared on that cut.
"""
import csv
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile

SEEDS = range(1, 6)
NETWORKS = [1, 3, 5, 10]
UNSEEN = 0.2
DECISION = 0.2

# name, file, label, columns to ignore, rows to draw (0 for all)
SETS = [
    ("iris", "iris.csv", "label", [], 0),
    ("wine", "wine.csv", "label", [], 0),
    ("mpg without name", "mpg.csv", "mpg", ["name"], 0),
    ("diabetes", "diabetes.csv", "target", [], 0),
    ("breast cancer", "breast_cancer.csv", "label", [], 0),
    ("titanic without alive", "titanic.csv", "survived", ["alive"], 0),
    ("digits", "digits.csv", "label", [], 0),
    ("HIGGS, 1,000 rows", "higgs_train.csv.gz", "label", [], 1000),
    ("adult, 1,000 rows", "adult.csv.gz", "label", [], 1000),
    ("HIGGS, 2,500 rows", "higgs_train.csv.gz", "label", [], 2500),
    ("adult, 2,500 rows", "adult.csv.gz", "label", [], 2500),
    ("HIGGS, 6,000 rows", "higgs_train.csv.gz", "label", [], 6000),
    ("adult, 6,000 rows", "adult.csv.gz", "label", [], 6000),
]


def read(path):
    with (gzip.open(path, "rt") if path.endswith(".gz") else open(path, newline="")) as file:
        header, *rows = csv.reader(file)
    return header, rows


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def parts(rows, seed, draw):
    """The rows to train on and those that decide. What is put away first is neither."""
    rows = random.Random(seed).sample(rows, len(rows))
    rows = rows[:draw] if draw else rows[int(len(rows) * UNSEEN):]
    decision = int(len(rows) * DECISION)
    return rows[decision:], rows[:decision]


def measure(runner, folder, label, ignored, networks, seed):
    command = [*runner, "train", os.path.join(folder, "train.csv"), "--label", label, "--test", os.path.join(folder, "decision.csv"),
               "--ensemble", str(networks), "--seed", str(seed), "--json", "--overwrite", "--out", os.path.join(folder, "run")]
    command += ["--ignore", ",".join(ignored)] if ignored else []
    result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    return result["test_r2"] if result["test_r2"] is not None else result["test_accuracy"], result["test_loss"]


def spread(values):
    return f"{statistics.mean(values):+.4f} ± {statistics.stdev(values):.4f}"


def main(data, *runner):
    print("# How many networks a model of a table has by default\n")
    print(f"Means over {len(SEEDS)} seeds, each with a cut of its own; `bench/tables/ensemble.py` says how the rows are chosen. The loss is the")
    print("log-loss, or 1 − R² of a regression; the last columns are what several networks add to accuracy (or R²) and to the loss of one,")
    print("with the standard deviation over the seeds. Rows are those that a model is trained with, its own validation rows among them.\n")
    print("| set | rows | one network | " + " | ".join(f"{n} networks: accuracy, loss" for n in NETWORKS[1:]) + " |")
    print("| --- | --- | --- |" + " --- |" * (len(NETWORKS) - 1))
    for name, file, label, ignored, draw in SETS:
        header, rows = read(os.path.join(data, file))
        found = {networks: [] for networks in NETWORKS}
        for seed in SEEDS:
            with tempfile.TemporaryDirectory() as folder:
                train, decision = parts(rows, seed, draw)
                write(os.path.join(folder, "train.csv"), header, train)
                write(os.path.join(folder, "decision.csv"), header, decision)
                for networks in NETWORKS:
                    found[networks].append(measure(runner, folder, label, ignored, networks, seed))
        one = found[NETWORKS[0]]
        cells = [f"{statistics.mean(value for value, _ in one):.4f}, {statistics.mean(loss for _, loss in one):.4f}"]
        for networks in NETWORKS[1:]:
            gains = [(value - first, loss - first_loss) for (value, loss), (first, first_loss) in zip(found[networks], one)]
            cells.append(f"{spread([gain for gain, _ in gains])}, {spread([gain for _, gain in gains])}")
        print(f"| {name} | {len(train):,} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
