#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares models of tables with gradient boosting and writes the table as Markdown.

    boosting.py DATA RUNNER... > bench/results/MACHINE/tables.md

DATA is the folder with adult.csv.gz and the other sets, RUNNER the command that starts nativemlp, such as
"dotnet NativeMlp.Runner.dll". It needs scikit-learn, pandas and XGBoost (Debian: python3-sklearn python3-pandas python3-xgboost),
and LightGBM's library of its NuGet package, whose path the environment variable LIGHTGBM names:
~/.nuget/packages/lightgbm/4.7.0/runtimes/linux-x64/native/lib_lightgbm.so after `dotnet add package LightGBM --version 4.7.0`.
All are run at their defaults, without a choice of options by set, from the file to the figures in one process each.
"""
import ctypes
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


def codes(part):
    """Numbers for the categories of a table; NaN where one is missing."""
    return part.apply(lambda c: c.cat.codes.replace(-1, np.nan) if isinstance(c.dtype, pd.CategoricalDtype) else c).to_numpy(float)


def histogram_boosting(regression):
    def predict(x, y, unseen):
        is_category = [isinstance(kind, pd.CategoricalDtype) for kind in x.dtypes]
        kind = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
        model = kind(categorical_features=is_category, random_state=1).fit(codes(x), y)
        return model.predict(codes(unseen)) if regression else model.predict_proba(codes(unseen))
    return predict


def extreme_boosting(regression):
    def predict(x, y, unseen):
        kind = xgboost.XGBRegressor if regression else xgboost.XGBClassifier
        model = kind(tree_method="hist", enable_categorical=True, random_state=1).fit(x, y)
        return model.predict(unseen) if regression else model.predict_proba(unseen)
    return predict


class LightGbm:
    """LightGBM's C interface, as far as it is needed: 100 rounds with all other parameters at their defaults."""
    FLOAT32, FLOAT64, ROUNDS = 0, 1, 100

    def __init__(self, path):
        self.lightgbm = ctypes.CDLL(path)
        self.lightgbm.LGBM_GetLastError.restype = ctypes.c_char_p

    def call(self, name, *arguments):
        if getattr(self.lightgbm, name)(*arguments) != 0:
            raise RuntimeError(self.lightgbm.LGBM_GetLastError().decode())

    def matrix(self, x):
        return x.ctypes.data_as(ctypes.c_void_p), self.FLOAT64, ctypes.c_int32(x.shape[0]), ctypes.c_int32(x.shape[1]), ctypes.c_int(1)

    def train_and_predict(self, x, y, unseen, parameters):
        x, unseen, y = (np.ascontiguousarray(a, dtype=kind) for a, kind in ((x, np.float64), (unseen, np.float64), (y, np.float32)))
        parameters = f"{parameters} verbosity=-1".encode()
        rows, booster, finished, length = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_int(), ctypes.c_int64()
        self.call("LGBM_DatasetCreateFromMat", *self.matrix(x), parameters, None, ctypes.byref(rows))
        self.call("LGBM_DatasetSetField", rows, b"label", y.ctypes.data_as(ctypes.c_void_p), len(y), self.FLOAT32)
        self.call("LGBM_BoosterCreate", rows, parameters, ctypes.byref(booster))
        for _ in range(self.ROUNDS):
            self.call("LGBM_BoosterUpdateOneIter", booster, ctypes.byref(finished))
        classes = ctypes.c_int()
        self.call("LGBM_BoosterGetNumClasses", booster, ctypes.byref(classes))
        answers = np.empty(len(unseen) * classes.value)
        self.call("LGBM_BoosterPredictForMat", booster, *self.matrix(unseen), 0, 0, -1, b"", ctypes.byref(length), answers.ctypes.data_as(ctypes.c_void_p))
        self.call("LGBM_BoosterFree", booster)
        self.call("LGBM_DatasetFree", rows)
        return answers.reshape(len(unseen), classes.value)


def light_boosting(regression):
    def predict(x, y, unseen):
        is_category = [isinstance(kind, pd.CategoricalDtype) for kind in x.dtypes]
        categories = ",".join(str(i) for i, is_one in enumerate(is_category) if is_one)
        classes = len(np.unique(y))
        objective = "regression" if regression else "binary" if classes == 2 else f"multiclass num_class={classes}"
        answers = LightGbm(os.environ["LIGHTGBM"]).train_and_predict(
            codes(x), y, codes(unseen), f"objective={objective}" + (f" categorical_feature={categories}" if categories else ""))
        return answers[:, 0] if regression else np.hstack([1 - answers, answers]) if classes == 2 else answers
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
    print(f"with folds nativemlp trains its final model as well. scikit-learn {sklearn.__version__}, XGBoost {xgboost.__version__}, LightGBM 4.7.0,")
    print(f"{os.cpu_count()} logical processors. Written by `bench/tables/boosting.py`. **Bold** is what is ahead in accuracy or R².\n")
    print("| set | nativemlp | HistGradientBoosting | XGBoost | LightGBM |\n| --- | --- | --- | --- | --- |")
    for name, *where in SETS:
        results = [timed(nativemlp, runner, data, *where)]
        results += [timed(boosted, boosting, data, *where) for boosting in (histogram_boosting, extreme_boosting, light_boosting)]
        values = [scores["r2"] if scores.get("r2") is not None else scores["accuracy"] for scores, _ in results]
        cells = [f"**{cell(*result)}**" if value == max(values) else cell(*result) for value, result in zip(values, results)]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
