#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes expected.json: scores, labels and what scikit-learn's metrics are of them.

A metric for which scikit-learn raises an error or warns that it is not defined is null. What scikit-learn does not have (the Brier score of
several classes, the expected calibration error, quantiles of errors) is computed here from its definition with NumPy.
"""
import json
import os
import warnings

import numpy as np
import sklearn
from sklearn import metrics as sk

BINS = 15
LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95]
random = np.random.default_rng(20240611)


def defined(function, *arguments, **options):
    """The value, or None where scikit-learn says that there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            value = float(function(*arguments, **options))
        except (ValueError, UserWarning, RuntimeWarning):
            return None
    return value if np.isfinite(value) else None


def mean(values):
    """The mean of the values that are defined."""
    values = [value for value in values if value is not None]
    return float(np.mean(values)) if values else None


def calibration_error(confidence, happened, weights):
    bins = np.digitize(confidence, np.linspace(0, 1, BINS + 1)[1:-1], right=True)
    gap = 0.0
    for b in range(BINS):
        rows = bins == b
        gap += abs(np.sum(weights[rows] * (confidence[rows] - happened[rows])))
    return gap / weights.sum()


def one_class(labels, predicted, scores, c, weights):
    is_class, said = labels == c, predicted == c
    scored = {"labels": [True], "average": None, "sample_weight": weights}
    precision, recall, f1, _ = sk.precision_recall_fscore_support(is_class, said, zero_division=0, **scored)
    return {
        "support": float(weights[is_class].sum()),
        "predicted": float(weights[said].sum()),
        "precision": float(precision[0]) if said.any() else None,
        "recall": float(recall[0]) if is_class.any() else None,
        "f1": float(f1[0]) if said.any() or is_class.any() else None,
        "roc_auc": defined(sk.roc_auc_score, is_class, scores, sample_weight=weights),
        "average_precision": defined(sk.average_precision_score, is_class, scores, sample_weight=weights),
    }


def common(labels, predicted, weights):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # classes without rows are left out of balanced accuracy
        return {
            "accuracy": float(sk.accuracy_score(labels, predicted, sample_weight=weights)),
            "balanced_accuracy": float(sk.balanced_accuracy_score(labels, predicted, sample_weight=weights)),
            "macro_f1": float(sk.f1_score(labels, predicted, average="macro", sample_weight=weights)),
            "weighted_f1": float(sk.f1_score(labels, predicted, average="weighted", sample_weight=weights)),
            "matthews": float(sk.matthews_corrcoef(labels, predicted, sample_weight=weights)),
        }


def binary(name, scores, labels, weights=None, predicted=None):
    scores, labels = np.asarray(scores, float), np.asarray(labels)
    w = np.ones(len(labels)) if weights is None else np.asarray(weights, float)
    said = (scores > 0.5).astype(int) if predicted is None else np.asarray(predicted)
    classes = [one_class(labels, said, -scores if c == 0 else scores, c, w) for c in (0, 1)]
    expected = common(labels, said, w) | {
        "roc_auc": classes[1]["roc_auc"],
        "average_precision": classes[1]["average_precision"],
        "log_loss": float(sk.log_loss(labels, scores, labels=[0, 1], sample_weight=w)),
        "brier": float(sk.brier_score_loss(labels, scores, pos_label=1, sample_weight=w)),
        "calibration_error": calibration_error(scores, labels == 1, w),
        "classes": classes,
    }
    return case(name, scores, labels, weights, predicted, expected)


def multiclass(name, scores, labels, weights=None):
    scores, labels = np.asarray(scores, float), np.asarray(labels)
    w = np.ones(len(labels)) if weights is None else np.asarray(weights, float)
    count = scores.shape[1]
    said = scores.argmax(axis=1)
    classes = [one_class(labels, said, scores[:, c], c, w) for c in range(count)]
    expected = common(labels, said, w) | {
        "roc_auc": mean(c["roc_auc"] for c in classes),
        "average_precision": mean(c["average_precision"] for c in classes),
        "log_loss": float(sk.log_loss(labels, scores, labels=range(count), sample_weight=w)),
        "brier": float(np.average(np.sum((scores - np.eye(count)[labels]) ** 2, axis=1), weights=w)),
        "calibration_error": calibration_error(scores.max(axis=1), said == labels, w),
        "classes": classes,
    }
    if all(c["roc_auc"] is not None for c in classes):
        direct = sk.roc_auc_score(labels, scores, multi_class="ovr", average="macro", sample_weight=w)
        assert abs(direct - expected["roc_auc"]) < 1e-12
    return case(name, scores, labels, weights, None, expected) | {"classes": count}


def multilabel(name, scores, truth, weights=None):
    scores, truth = np.asarray(scores, float), np.asarray(truth)
    w = np.ones(len(truth)) if weights is None else np.asarray(weights, float)
    said = (scores > 0.5).astype(int)
    each = range(scores.shape[1])
    expected = {
        "subset_accuracy": float(sk.accuracy_score(truth, said, sample_weight=w)),
        "hamming_loss": float(sk.hamming_loss(truth, said, sample_weight=w)),
        "micro_f1": float(sk.f1_score(truth, said, average="micro", sample_weight=w)),
        "macro_f1": float(sk.f1_score(truth, said, average="macro", sample_weight=w, zero_division=0)),
        "weighted_f1": float(sk.f1_score(truth, said, average="weighted", sample_weight=w, zero_division=0)),
        "roc_auc": mean(defined(sk.roc_auc_score, truth[:, j], scores[:, j], sample_weight=w) for j in each),
        "average_precision": mean(defined(sk.average_precision_score, truth[:, j], scores[:, j], sample_weight=w) for j in each),
        "log_loss": mean(float(sk.log_loss(truth[:, j], scores[:, j], labels=[0, 1], sample_weight=w)) for j in each),
        "brier": mean(float(sk.brier_score_loss(truth[:, j], scores[:, j], pos_label=1, sample_weight=w)) for j in each),
    }
    return case(name, scores, truth, weights, None, expected) | {"labels_per_row": scores.shape[1]}


def weighted_quantile(values, weights, level):
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return values[order][np.searchsorted(reached, level * reached[-1])]


def regression(name, predicted, actual, weights=None):
    predicted, actual = np.asarray(predicted, float), np.asarray(actual, float)
    w = None if weights is None else np.asarray(weights, float)
    errors = predicted - actual
    if w is None:
        quantiles = np.quantile(errors, LEVELS)
    else:
        quantiles = [weighted_quantile(errors, w, level) for level in LEVELS]
    expected = {
        "mean_absolute_error": sk.mean_absolute_error(actual, predicted, sample_weight=w),
        "root_mean_squared_error": float(np.sqrt(sk.mean_squared_error(actual, predicted, sample_weight=w))),
        "r_squared": defined(sk.r2_score, actual, predicted, sample_weight=w),
        "mean_error": float(np.average(errors, weights=w)),
        "median_absolute_error": float(sk.median_absolute_error(actual, predicted, sample_weight=w)),
        "max_error": float(sk.max_error(actual, predicted)),
        "error_quantiles": [float(q) for q in quantiles],
    }
    return case(name, predicted, actual, weights, None, expected)


def case(name, scores, labels, weights, predicted, expected):
    plain = lambda values: None if values is None else np.asarray(values).ravel().tolist()
    return {"name": name, "scores": plain(scores), "labels": plain(labels), "weights": plain(weights),
            "predicted": plain(predicted), "expected": expected}


def probabilities(rows, classes, decimals=4):
    """Rows that add up to 1 as decimal numbers; few decimals make ties."""
    raw = np.round(random.dirichlet(np.ones(classes), rows), decimals)
    raw[:, -1] = np.round(1 - raw[:, :-1].sum(axis=1), decimals)
    return np.abs(raw)


def binary_cases():
    n = 60
    labels = random.integers(0, 2, n)
    scores = np.round(np.clip(0.35 * labels + random.uniform(0, 0.65, n), 0, 1), 4)
    weights = np.round(random.uniform(0, 3, n), 2)
    weights[::9] = 0
    ties = np.round(scores, 1)
    low = np.round(scores * 0.49, 4)
    yield binary("plain", scores, labels)
    yield binary("weights", scores, labels, weights)
    yield binary("ties", ties, labels)
    yield binary("ties and weights", ties, labels, weights)
    yield binary("all scores equal", np.full(n, 0.25), labels)
    yield binary("certain and wrong", np.where(np.arange(n) % 5 == 0, 1.0 - labels, labels), labels)
    yield binary("tiny scores", [1e-20, 1e-21, 1e-19, 1e-18], [0, 1, 0, 1])
    yield binary("class 1 never predicted", low, labels)
    yield binary("a threshold of its own", scores, labels, weights, (scores > 0.3).astype(int))
    yield binary("only class 1", scores, np.ones(n, int))
    yield binary("only class 0, never predicted otherwise", low, np.zeros(n, int))
    yield binary("one row", [0.75], [1])


def multiclass_cases():
    n, k = 60, 4
    labels = random.integers(0, k, n)
    scores = probabilities(n, k)
    for row in range(0, n, 2):  # half of the rows are right
        best = scores[row].argmax()
        scores[row, [best, labels[row]]] = scores[row, [labels[row], best]]
    weights = np.round(random.uniform(0, 3, n), 2)
    ties = np.abs(np.round(scores, 1))
    ties[:, 0] = np.abs(np.round(1 - ties[:, 1:].sum(axis=1), 1))
    never = scores.copy()
    never[:, 0] += never[:, 2]
    never[:, 2] = 0
    yield multiclass("plain", scores, labels)
    yield multiclass("weights", scores, labels, weights)
    yield multiclass("ties", ties / ties.sum(axis=1, keepdims=True), labels)
    yield multiclass("class 2 never predicted", never, labels)
    yield multiclass("class 2 without rows", scores, np.where(labels == 2, 3, labels), weights)
    yield multiclass("class 2 without rows and predictions", never, np.where(labels == 2, 1, labels))
    yield multiclass("only class 3", scores, np.full(n, 3))
    yield multiclass("one row", scores[:1], labels[:1])


def multilabel_cases():
    n, k = 50, 3
    truth = random.integers(0, 2, (n, k))
    scores = np.round(np.clip(0.3 * truth + random.uniform(0, 0.7, (n, k)), 0, 1), 4)
    weights = np.round(random.uniform(0, 3, n), 2)
    never, absent = scores.copy(), truth.copy()
    never[:, 1] *= 0.4
    absent[:, 1] = 0
    yield multilabel("plain", scores, truth)
    yield multilabel("weights", scores, truth, weights)
    yield multilabel("ties", np.round(scores, 1), truth, weights)
    yield multilabel("label 1 never predicted", never, truth)
    yield multilabel("label 1 without rows", scores, absent)
    yield multilabel("label 1 without rows and predictions", never, absent, weights)


def regression_cases():
    n = 41
    actual = np.round(random.normal(100, 20, n), 3)
    predicted = np.round(actual + random.normal(1, 5, n), 3)
    weights = np.round(random.uniform(0, 3, n), 2)
    yield regression("plain", predicted, actual)
    yield regression("weights", predicted, actual, weights)
    yield regression("heavy tails and equal errors", np.round(actual + np.round(random.standard_cauchy(n)), 3), actual)
    yield regression("worse than the mean", -predicted, actual)
    yield regression("all values equal", predicted, np.full(n, 7.0))
    yield regression("all values equal and right", np.full(n, 7.0), np.full(n, 7.0))
    yield regression("two rows", [1.0, 3.0], [1.5, 2.0])
    yield regression("one row", [1.25], [2.0])


if __name__ == "__main__":
    content = {"scikit_learn": sklearn.__version__, "binary": list(binary_cases()), "multiclass": list(multiclass_cases()),
               "multilabel": list(multilabel_cases()), "regression": list(regression_cases())}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected.json"), "w", encoding="utf-8", newline="\n") as file:
        file.write("{\n")
        file.write(",\n".join(f" {json.dumps(key)}: " + (json.dumps(value) if isinstance(value, str)
                   else "[\n  " + ",\n  ".join(json.dumps(entry) for entry in value) + "\n ]") for key, value in content.items()))
        file.write("\n}\n")
