"""Class shares of Amazon reviews: wb's estimators beside QuaPy's, on the same classifier, features and samples.

    python benchmarks/shares.py [--samples N] [--size M]

Needs ``wb data get amazon-reviews``; QuaPy (and abstention, for its calibration) is left out where it is missing.
*Within* a domain one half of the reviews trains and samples are drawn from the other: label shift and nothing else.
*Across* domains the samples are of another product: the reviews of a class differ, too, and no estimator is right any
more. Samples have between 10 % and 90 % positive reviews. Prints Markdown: the mean absolute error of the share, how
often the 90 % interval holds it, and accuracy before and after the predictions are set right for the estimate.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from wb_text.featurizers import TfIdf
from workbench import load
from workbench.data.domains import Domain
from workbench.data.opening import open_corpus
from workbench.scoring.shares import ESTIMATORS, calibrated, corrected, with_interval

DOMAINS = ("books", "dvd", "electronics", "kitchen")
INTERVALS = 10
"""Samples of each pair whose intervals are computed, too."""

Quantifier = Callable[[Any], float]
"""Features of a sample to the estimated share of the second class."""


@dataclass
class Tally:
    """What a line of the table is made of."""

    errors: list[float] = field(default_factory=list)
    covered: list[bool] = field(default_factory=list)
    gains: list[float] = field(default_factory=list)


def classifier() -> LogisticRegression:
    return LogisticRegression(max_iter=1000)


def quapy(x: Any, y: np.ndarray) -> dict[str, Quantifier]:
    """QuaPy's quantifiers, fitted; nothing where it is not installed."""
    try:
        from quapy.method import aggregative
    except ImportError:
        return {}
    calibrations = {f"QuaPy EMQ, {calib}": calib for calib in ("bcts", "vs")}
    methods = {
        "QuaPy EMQ": aggregative.EMQ(classifier()),
        **{
            name: aggregative.EMQ(classifier(), val_split=5, exact_train_prev=False, calib=calib)
            for name, calib in calibrations.items()
        },
        "QuaPy ACC": aggregative.ACC(classifier(), val_split=5),
        "QuaPy PACC": aggregative.PACC(classifier(), val_split=5),
    }
    quantifiers = {}
    for name, method in methods.items():
        try:
            method.fit(x, y)
        except RuntimeError as error:  # the optimiser of a calibration does not always converge
            print(f"{name}: {str(error).splitlines()[0]}", file=sys.stderr)
            continue
        quantifiers[name] = lambda sample, method=method: float(method.predict(sample)[1])
    return quantifiers


def samples(labels: np.ndarray, number: int, size: int) -> Iterator[np.ndarray]:
    """Indices of samples without replacement, whose share of class 1 goes from .1 to .9."""
    generator = np.random.default_rng(0)
    members = [np.flatnonzero(labels == c) for c in (0, 1)]
    for share in np.linspace(0.1, 0.9, number):
        positive = round(share * size)
        counts = (size - positive, positive)
        yield np.concatenate([generator.choice(m, n, replace=False) for m, n in zip(members, counts, strict=True)])


def measure(train: Domain, tests: list[Domain], number: int, size: int, tallies: dict[str, Tally]) -> None:
    """Add every estimator's errors with one training domain on samples of others."""
    features = TfIdf().fit(train.inputs)
    x, y = features.transform(train.inputs), np.asarray(train.labels)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    held_out = cross_val_predict(classifier(), x, y, cv=folds, method="predict_proba")
    plain, peers = classifier().fit(x, y), quapy(x, y)
    for test in tests:
        z, truth = features.transform(test.inputs), np.asarray(test.labels)
        score(held_out, y, plain.predict_proba(z), truth, number, size, tallies)
        for name, quantifier in peers.items():
            tallies[name].errors += [
                abs(quantifier(z[drawn]) - truth[drawn].mean()) for drawn in samples(truth, number, size)
            ]


def score(
    held_out: np.ndarray,
    y: np.ndarray,
    said: np.ndarray,
    truth: np.ndarray,
    number: int,
    size: int,
    tallies: dict[str, Tally],
) -> None:
    """wb's estimators on the samples of one domain, of which the classifier says ``said`` (m, 2)."""
    calibration, prior = calibrated(held_out, y)
    for turn, drawn in enumerate(samples(truth, number, size)):
        share, before = truth[drawn].mean(), np.mean(said[drawn].argmax(axis=1) == truth[drawn])
        for name, estimator in ESTIMATORS.items():
            shares = estimator(held_out, y, said[drawn])
            after = corrected(calibration.apply(said[drawn]), prior, shares).argmax(axis=1)
            tally = tallies[f"wb {name}"]
            tally.errors.append(abs(shares[1] - share))
            tally.gains.append(np.mean(after == truth[drawn]) - before)
            if turn % max(number // INTERVALS, 1) == 0:
                interval = with_interval(estimator, held_out, y, said[drawn], turn)
                tally.covered.append(bool(interval.low[1] <= share <= interval.high[1]))


def table(tallies: dict[str, Tally]) -> str:
    lines = ["| | samples | error | interval holds | accuracy |", "| --- | --: | --: | --: | --: |"]
    for name, tally in tallies.items():
        covered = f"{100 * np.mean(tally.covered):.0f} %" if tally.covered else ""
        gain = f"{100 * np.mean(tally.gains):+.2f}" if tally.gains else ""
        lines.append(f"| {name} | {len(tally.errors):,} | {100 * np.mean(tally.errors):.2f} | {covered} | {gain} |")
    return "\n".join(lines)


def main() -> None:
    warnings.filterwarnings("ignore", category=RuntimeWarning, module="abstention")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=100, help="of each pair")
    parser.add_argument("--size", type=int, default=500, help="reviews in a sample")
    given = parser.parse_args()
    host = load()
    task = host.tasks.get("classification").load()()
    domains = {}
    for name in DOMAINS:
        whole = open_corpus(f"amazon-reviews/{name}", host).labelled("train", task)
        domains[name] = whole.take(np.random.default_rng(0).permutation(len(whole)))
    within: dict[str, Tally] = defaultdict(Tally)
    for domain in domains.values():
        half = len(domain) // 2
        train, test = domain.take(np.arange(half)), domain.take(np.arange(half, len(domain)))
        measure(train, [test], given.samples, given.size, within)
    show("within", within, given.samples, given.size)
    across: dict[str, Tally] = defaultdict(Tally)
    for source in domains.values():
        others = [target for target in domains.values() if target is not source]
        measure(source, others, given.samples, given.size, across)
    show("across", across, given.samples, given.size)


def show(kind: str, tallies: dict[str, Tally], number: int, size: int) -> None:
    print(f"\n{kind}, {number} samples of {size} reviews a pair, times 100\n\n{table(tallies)}", flush=True)


if __name__ == "__main__":
    main()
