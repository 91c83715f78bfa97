"""Checks of featurizers and classifiers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from workbench.data.inputs import concatenate
from workbench.methods.featurizers import Featurizer
from workbench.plugins.entries import ClassifierEntry, FeaturizerEntry
from workbench.plugins.loading import Host
from workbench.testing.checking import Check, require, run_all
from workbench.testing.examples import example_of_kind, label_names
from workbench.testing.plain_files import check_plain


def check_featurizer(entry: FeaturizerEntry, host: Host) -> list[Check]:
    """A finite matrix with a row for each example, by itself or with others, before and after saving."""

    def contract() -> None:
        require(entry.summary and entry.inputs, "registered without a summary or the kind of inputs it takes")
        kind = entry.load()
        require(isinstance(kind, type) and issubclass(kind, Featurizer), "the factory is no subclass of Featurizer")

    def fitted() -> tuple[Featurizer, Any]:
        source, target = example_of_kind(entry.inputs, host, 0)
        featurizer: Featurizer = entry.load()()
        return featurizer.fit_domains(source.inputs, target.inputs), target.inputs

    def features() -> None:
        featurizer, inputs = fitted()
        matrix = _dense(featurizer.transform(inputs))
        rows = sum(map(len, inputs)) if entry.inputs == "sentences" else len(inputs)
        require(matrix.ndim == 2 and len(matrix) == rows, f"gives shape {matrix.shape} for {rows} rows")
        require(np.isfinite(matrix).all(), "gives values that are not finite")
        require(matrix.shape[1], "gives no features at all")
        again = _dense(fitted()[0].transform(inputs))
        require(np.array_equal(matrix, again), "fitted twice to the same inputs it gives other features")
        alone = _dense(featurizer.transform(inputs[:1]))
        require(np.allclose(alone, matrix[: len(alone)], atol=1e-5), "an example's features depend on the others")

    def saved() -> None:
        featurizer, inputs = fitted()
        with tempfile.TemporaryDirectory() as folder:
            featurizer.save(Path(folder))
            check_plain(Path(folder))
            again = type(featurizer).load(Path(folder))
            same = np.array_equal(_dense(featurizer.transform(inputs)), _dense(again.transform(inputs)))
        require(same, "loaded again it gives other features")

    steps = (("a row for each example", features), ("save and load", saved))
    return run_all(f"{entry.name} (featurizer)", ("contract", contract), *steps)


def check_classifier(entry: ClassifierEntry, host: Host) -> list[Check]:
    """An unfitted estimator of scikit-learn's kind that learns the same from the same."""

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        require(callable(entry.load()), "the factory must be callable with the seed")
        classifier = entry.load()(3)
        for name in ("fit", "predict", "get_params"):
            require(hasattr(classifier, name), f"what it returns has no '{name}'; return a scikit-learn classifier")
        require(not hasattr(classifier, "classes_"), "what it returns is fitted already")

    def learns() -> None:
        source, target = example_of_kind("matrix", host, 0)
        names = np.asarray(label_names(source))
        features = concatenate([source.inputs, target.inputs])
        first, second = (entry.load()(3).fit(source.inputs, names) for _ in range(2))
        require(set(first.predict(features)) <= set(names), "predicts classes that it was not taught")
        require(np.array_equal(first.predict(features), second.predict(features)), "one seed gives two classifiers")

    return run_all(f"{entry.name} (classifier)", ("contract", contract), ("learns", learns))


def _dense(matrix: Any) -> np.ndarray:
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix, dtype=np.float64)
