"""Checks of a method: its contract, withheld labels, determinism, order, saving and loading."""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from workbench.data.domains import Domain, Predictions, Problem
from workbench.data.inputs import kind_of
from workbench.errors import UsageError
from workbench.methods.contract import Method, Model, Params
from workbench.methods.feature_method import Adapted, FeatureMethod
from workbench.methods.variants import make
from workbench.plugins.entries import MethodEntry
from workbench.plugins.loading import Host
from workbench.progress import Progress
from workbench.testing.canary import check_canary
from workbench.testing.checking import Check, Failed, require, run_all
from workbench.testing.examples import as_bytes, example, freeze, relabelled_at_random, same, task_of
from workbench.testing.plain_files import check_plain
from workbench.testing.reachable import find_labels

RESERVED = {
    *("src", "sources", "tgt", "target", "unlabelled", "split", "seed", "seeds", "shots", "source_size", "upper_bound"),
    *("text", "label", "id", "calibrate"),
    *("select", "grid", "grids", "allow_target_labels", "target_labels"),
    *("out", "json", "as_json", "no_baseline", "baseline"),
    *(
        "class_shares",
        "variant",
        "floor",
        "fail_on_negative_transfer",
        "debug",
        "help",
        "host",
        "progress",
        "method",
        "source",
        "settings",
    ),
}
"""Names that a setting cannot have: they are options of ``wb run`` or arguments of ``workbench.run``."""

ROUNDING = 1e-9
"""How much probabilities, and real labels (a share of the largest), may depend on the order in which sums are taken."""


def check_method(entry: MethodEntry, host: Host) -> list[Check]:
    """Every check of one method; where its contract is broken, that one alone."""
    bench = Bench(entry, host)
    return run_all(
        f"{entry.name} ({entry.place})",
        ("contract", lambda: _check_contract(entry, host)),
        ("fits and predicts", bench.check_fit),
        ("labels withheld", bench.check_withheld),
        ("labels on disk not read", bench.check_disk),
        ("deterministic", bench.check_deterministic),
        ("inputs untouched, order free", bench.check_order),
        ("save, load, predict on new data", bench.check_saved),
        ("other inputs refused", bench.check_refused),
    )


class Bench:
    """One method on its task's example problem."""

    def __init__(self, entry: MethodEntry, host: Host) -> None:
        self.entry, self.host = entry, host

    @cached_property
    def domains(self) -> tuple[Domain, Domain]:
        return self.example(0)

    @cached_property
    def new(self) -> Domain:
        """Target examples that no fit has seen."""
        return self.example(1)[1]

    @cached_property
    def model(self) -> Model:
        return self.fit(self.problem())

    def example(self, seed: int) -> tuple[Domain, Domain]:
        return example(task_of(self.entry.task, self.host), self.entry.load().takes, seed)

    def problem(self, target: Domain | None = None) -> Problem:
        source, own = self.domains
        shots = own.take(np.arange(6)) if self.entry.load().needs_shots else None
        unlabelled = (target or own).unlabelled()
        return Problem(self.entry.task, (source,), unlabelled, shots=shots, transductive=True, seed=3)

    def fit(self, problem: Problem) -> Model:
        entry = replace(self.entry, factory=read_only(self.entry.load()))
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The given NumPy array is not writable")  # as it is meant to be
            return make(entry, entry.load().trial, self.host).fit(problem, Progress())

    def check_fit(self) -> None:
        source, target = self.domains
        predictions = self.model.predict(target.inputs)
        require(len(predictions) == len(target), f"{len(predictions)} predictions for {len(target)} examples")
        if task_of(self.entry.task, self.host).label_kind == "real":
            finite = np.isfinite(np.asarray(predictions.labels, dtype=np.float64)).all()
            require(finite, "a prediction is no finite number")
        strange = set(predictions.classes) - set(source.classes)
        require(not strange, f"predicts classes that the source lacks: {', '.join(sorted(strange))}")
        for label, gold in zip(predictions.labels, target.labels, strict=True):
            require(np.shape(label) == np.shape(gold), "a prediction has another shape than the labels of its example")

    def check_withheld(self) -> None:
        problem, target = self.problem(), self.domains[1]
        leaks = find_labels(problem, target.labels) if problem.shots is None else []
        require(not leaks, f"the problem holds {leaks[0]}" if leaks else "")
        other = self.fit(self.problem(relabelled_at_random(target)))
        same(
            self.model.predict(self.new.inputs),
            other.predict(self.new.inputs),
            "predictions change with the target's labels",
        )

    def check_disk(self) -> None:
        if not self.entry.load().needs_shots:  # which are labels, and may change what is predicted
            check_canary(self.entry, self.host, *self.domains)

    def check_deterministic(self) -> None:
        first, second = self.model, self.fit(self.problem())
        complaint = "two fits with one seed predict differently"
        same(first.predict(self.new.inputs), second.predict(self.new.inputs), complaint)

    def check_order(self) -> None:
        before = [as_bytes(domain.inputs) for domain in self.domains]
        model = self.fit(self.problem())
        forward = model.predict(self.new.inputs)
        after = [as_bytes(domain.inputs) for domain in self.domains]
        require(before == after, "fitting changes the inputs that it is given")
        backward = model.predict(self.new.take(np.arange(len(self.new))[::-1]).inputs)
        turned = Predictions(_turned(backward.labels), backward.classes, _turned(backward.probabilities))
        same(forward, turned, "predictions depend on the order of the examples", ROUNDING)

    def check_saved(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.model.save(folder)
            check_plain(folder)
            again = self.entry.load().model.load(folder, self.host)
            complaint = "the loaded model predicts differently"
            same(self.model.predict(self.new.inputs), again.predict(self.new.inputs), complaint)

    def check_refused(self) -> None:
        """Inputs that the method does not take end in a sentence for the user."""
        source, target = example(task_of(self.entry.task, self.host), (), 0)
        kinds = self.entry.load().takes
        if not kinds or kind_of(source.inputs) in kinds:
            return
        try:
            self.fit(Problem(self.entry.task, (source,), target.unlabelled()))
        except UsageError:
            return
        raise Failed(f"it takes {' or '.join(kinds)}, yet fits {kind_of(source.inputs)} without a UsageError")


def read_only(method: type[Method]) -> type[Method]:
    """A feature method whose ``adapt`` is handed arrays that cannot be written to; any other method as it is."""
    if not issubclass(method, FeatureMethod):
        return method

    class ReadOnly(method):  # type: ignore[misc, valid-type]
        def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
            for values in (source, labels, target):
                freeze(values)
            adapted: Adapted = super().adapt(source, labels, target, problem)
            return adapted

    ReadOnly.__name__, ReadOnly.__qualname__, ReadOnly.__module__ = (
        method.__name__,
        method.__qualname__,
        method.__module__,
    )
    return ReadOnly


def _turned(values: Any) -> Any:
    return None if values is None else list(values)[::-1]


def _check_contract(entry: MethodEntry, host: Host) -> None:
    require(entry.summary and entry.family, "registered without a summary or a family")
    method = entry.load()
    require(
        isinstance(method, type) and issubclass(method, Method), "the factory is not a subclass of workbench.Method"
    )
    model = getattr(method, "model", None)
    is_model = isinstance(model, type) and issubclass(model, Model)
    require(is_model, "the class attribute 'model' must name its Model class")
    require(issubclass(method.Params, Params), "Params must derive from workbench.Params")
    for name in filter(None, (entry.baseline, *entry.companions)):
        require(
            any(name in (other.name, other.qualified) and other.task == entry.task for other in host.methods),
            f"no method '{name}' for {entry.task}, which it is to be compared with, is registered",
        )
    for name, field in method.Params.model_fields.items():
        require(name not in RESERVED, f"setting '{name}' has the name of an option of 'wb run'; choose another")
        require(field.description, f"setting '{name}' has no description")
        require(not field.is_required(), f"setting '{name}' has no default")
        bounded = field.annotation not in (int, float) or field.metadata
        require(bounded, f"setting '{name}' is a number without bounds")
    try:
        method.Params.parse({"no such setting": 1})
    except UsageError:
        return
    raise Failed("Params accepts settings that it does not have")
