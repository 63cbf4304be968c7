#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares models of tables with gradient boosting and writes the table as Markdown.

    boosting.py DATA RUNNER... > bench/results/MACHINE/tables.md

DATA is the folder with adult.csv.gz and the other sets, RUNNER the command that starts nativemlp, such as
"dotnet NativeMlp.Runner.dll". It needs scikit-learn, pandas and XGBoost (Debian: python3-sklearn python3-pandas python3-xgboost).
All are run at their defaults, without a choice of options by set, from the file to the figures in one process each.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import warnings

# Threads that wait shall not count as work.
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"

import numpy as np
import pandas as pd
import sklearn
import xgboost
from sklearn import metrics
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.model_selection import KFold, StratifiedKFold

FOLDS = 5
MISSING = ["?", "-"]

# name, file, file of the test rows or None for folds, label, columns to ignore
SETS = [
    ("adult, official test rows", "adult.csv.gz", "adult_test.csv.gz", "label", []),
    ("HIGGS sample, official test rows", "higgs_train.csv.gz", "higgs_test.csv.gz", "label", []),
    ("HIGGS sample, 5 folds", "higgs_train.csv.gz", None, "label", []),
    ("breast cancer, 5 folds", "breast_cancer.csv", None, "label", []),
    ("wine, 5 folds", "wine.csv", None, "label", []),
    ("digits, 5 folds", "digits.csv", None, "label", []),
    ("titanic without alive, 5 folds", "titanic.csv", None, "survived", ["alive"]),
    ("diabetes, 5 folds", "diabetes.csv", None, "target", []),
    ("mpg without name, 5 folds", "mpg.csv", None, "mpg", ["name"]),
]
REGRESSIONS = {"target", "mpg"}


def nativemlp(runner, data, file, test, label, ignored):
    with tempfile.TemporaryDirectory() as folder:
        command = [*runner, "train", os.path.join(data, file), "--label", label, "--json", "--out", os.path.join(folder, "run")]
        command += ["--test", os.path.join(data, test)] if test else ["--folds", str(FOLDS)]
        command += ["--ignore", ",".join(ignored)] if ignored else []
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    result = json.loads(lines[-1])
    return {name: result["test_" + name] for name in ("accuracy", "auc", "log_loss", "r2")}


def read(data, file, label, ignored):
    table = pd.read_csv(os.path.join(data, file), na_values=MISSING).drop(columns=ignored)
    table = table[table[label].notna()]
    return table.drop(columns=label), table[label].to_numpy()


def as_categories(train, test):
    """Columns of text as categories of the training rows; others are missing."""
    train, test = train.copy(), test.copy()
    for column in train.columns:
        if train[column].dtype == object or train[column].dtype == bool:
            kind = pd.CategoricalDtype(sorted(train[column].dropna().astype(str).unique()))
            for part in (train, test):
                part[column] = part[column].where(part[column].isna(), part[column].astype(str)).astype(kind)
    return train, test


def histogram_boosting(regression):
    def predict(x, y, unseen):
        is_category = [isinstance(kind, pd.CategoricalDtype) for kind in x.dtypes]
        codes = [part.apply(lambda c: c.cat.codes.replace(-1, np.nan) if isinstance(c.dtype, pd.CategoricalDtype) else c).to_numpy(float) for part in (x, unseen)]
        kind = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
        model = kind(categorical_features=is_category, random_state=1).fit(codes[0], y)
        return model.predict(codes[1]) if regression else model.predict_proba(codes[1])
    return predict


def extreme_boosting(regression):
    def predict(x, y, unseen):
        kind = xgboost.XGBRegressor if regression else xgboost.XGBClassifier
        model = kind(tree_method="hist", enable_categorical=True, random_state=1).fit(x, y)
        return model.predict(unseen) if regression else model.predict_proba(unseen)
    return predict


def parts(data, file, test, label, ignored):
    x, y = read(data, file, label, ignored)
    if test:
        yield x, y, *read(data, test, label, ignored)
        return
    folds = KFold if label in REGRESSIONS else StratifiedKFold
    for train, held in folds(FOLDS, shuffle=True, random_state=1).split(x, y):
        yield x.iloc[train], y[train], x.iloc[held], y[held]


def measure(actual, answers, regression):
    if regression:
        return {"r2": metrics.r2_score(actual, answers)}
    scores = {"accuracy": metrics.accuracy_score(actual, answers.argmax(axis=1)),
              "log_loss": metrics.log_loss(actual, answers.astype(float), labels=range(answers.shape[1]))}
    several = answers.shape[1] > 2
    scores["auc"] = metrics.roc_auc_score(actual, answers if several else answers[:, 1], **({"multi_class": "ovr"} if several else {}))
    return scores


def boosted(make, data, file, test, label, ignored):
    regression = label in REGRESSIONS
    found = []
    for x, y, unseen, actual in parts(data, file, test, label, ignored):
        x, unseen = as_categories(x, unseen)
        found.append(measure(actual, make(regression)(x, y, unseen), regression))
    return {name: float(np.mean([one[name] for one in found])) for name in found[0]}


def cell(scores, seconds):
    if scores.get("r2") is not None:
        return f"R² {scores['r2']:.4f}; {seconds:.1f} s"
    return f"{scores['accuracy']:.4f}, {scores['auc']:.4f}, {scores['log_loss']:.4f}; {seconds:.1f} s"


def processor_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(function, *arguments):
    start = processor_seconds()
    scores = function(*arguments)
    return scores, processor_seconds() - start


def main(data, *runner):
    warnings.simplefilter("ignore")
    print("# Models of tables beside gradient boosting\n")
    print("Accuracy, area under the ROC curve and log-loss, or R², on rows that were not trained on; then the seconds of")
    print("processor time, of all threads together, from the file to the figures: other work on the machine does not count.")
    print("Everything runs at its defaults. Folds are each program's own, so differences of a point on the small sets are chance;")
    print(f"with folds nativemlp trains its final model as well. scikit-learn {sklearn.__version__}, XGBoost {xgboost.__version__},")
    print(f"{os.cpu_count()} logical processors. Written by `bench/tables/boosting.py`. **Bold** is what is ahead in accuracy or R².\n")
    print("| set | nativemlp | HistGradientBoosting | XGBoost |\n| --- | --- | --- | --- |")
    for name, *where in SETS:
        results = [timed(nativemlp, runner, data, *where), timed(boosted, histogram_boosting, data, *where), timed(boosted, extreme_boosting, data, *where)]
        values = [scores["r2"] if scores.get("r2") is not None else scores["accuracy"] for scores, _ in results]
        cells = [f"**{cell(*result)}**" if value == max(values) else cell(*result) for value, result in zip(values, results)]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
