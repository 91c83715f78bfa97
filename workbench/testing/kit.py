"""The conformance kit: checks that any plugin can run on itself, and that ours run too.

In a plugin's own tests one line is enough::

    from workbench.testing import assert_conforms

    def test_conforms():
        assert_conforms("my-method")
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.data.domains import Domain, Predictions, Problem
from workbench.data.inputs import kind_of
from workbench.data.tasks import Task
from workbench.errors import UsageError
from workbench.methods.contract import Method, Model, Params
from workbench.methods.variants import make
from workbench.plugins.entries import MethodEntry
from workbench.plugins.loading import Host, load
from workbench.progress import Progress
from workbench.testing.reachable import find_labels

HEAVY = ("torch", "transformers", "spacy", "sklearn", "scipy", "matplotlib", "pandas")
"""What a plugin's package must not import by itself: it would slow every start of ``wb``."""

PLAIN = {".npz", ".npy", ".json", ".jsonl", ".skops", ".safetensors", ".txt", ".toml", ".csv", ".tsv", ".model"}

SLOWEST_IMPORT = 1.0
"""Seconds that importing a plugin's package may add to the start."""


ROUNDING = 1e-9
"""Share of the largest prediction by which real labels may depend on the order: sums are rounded in another one."""


@dataclass(frozen=True)
class Check:
    """One check of one method: its name, whether it passed, what was found, how long it took."""

    subject: str
    name: str
    passed: bool
    detail: str = ""
    seconds: float = 0.0


class Failed(AssertionError):
    """A check's finding."""


def assert_conforms(name: str, host: Host | None = None) -> None:
    """Raise ``AssertionError`` with every failed check of the method ``name``, over all its tasks."""
    host = host or load()
    checks = [check for entry in host.methods.find(name) for check in check_method(entry, host)]
    failures = [f"{check.subject}, {check.name}: {check.detail}" for check in checks if not check.passed]
    if failures:
        raise AssertionError("\n".join(failures))


def check_plugin(name: str, host: Host) -> list[Check]:
    """Every check of every method that the plugin registers, and what its import costs."""
    checks = [check_start(name)]
    for entry in host.methods:
        if entry.plugin == name:
            checks += check_method(entry, host)
    return checks


def check_start(name: str) -> Check:
    """What importing the plugin's package costs."""
    return _run(name, "start-up", lambda: _check_import(name))


def check_method(entry: MethodEntry, host: Host) -> list[Check]:
    """The contract, withheld labels, determinism, order, saving and loading of one method."""
    subject = f"{entry.name} ({entry.place})"
    contract = _run(subject, "contract", lambda: _check_contract(entry))
    if not contract.passed:
        return [contract]
    bench = Bench(entry, host)
    steps: list[tuple[str, Callable[[], None]]] = [
        ("fits and predicts", bench.check_fit),
        ("labels withheld", bench.check_withheld),
        ("deterministic", bench.check_deterministic),
        ("inputs untouched, order free", bench.check_order),
        ("save, load, predict on new data", bench.check_saved),
        ("other inputs refused", bench.check_refused),
    ]
    return [contract, *(_run(subject, name, step) for name, step in steps)]


class Bench:
    """One method on its task's example problem."""

    def __init__(self, entry: MethodEntry, host: Host) -> None:
        self.entry, self.host = entry, host
        self.task: Task = host.tasks.get(entry.task).load()()
        self.source, self.target = self.example(0)
        self.new = self.example(1)[1]

    def example(self, seed: int) -> tuple[Domain, Domain]:
        """The task's example, of the first kind of inputs that the method takes."""
        kinds = self.entry.load().takes
        return self.task.example_of(kinds[0], seed) if kinds else self.task.example(seed)

    def problem(self, target: Domain | None = None) -> Problem:
        target = target or self.target
        shots = self.target.take(np.arange(6)) if self.entry.load().needs_shots else None
        return Problem(self.entry.task, (self.source,), target.unlabelled(), shots=shots, transductive=True, seed=3)

    def fit(self, problem: Problem | None = None) -> Model:
        return make(self.entry, self.entry.load().trial, self.host).fit(problem or self.problem(), Progress())

    def check_fit(self) -> None:
        predictions = self.fit().predict(self.target.inputs)
        if len(predictions) != len(self.target):
            raise Failed(f"{len(predictions)} predictions for {len(self.target)} examples")
        strange = set(predictions.classes) - set(self.source.classes)
        if strange:
            raise Failed(f"predicts classes that the source lacks: {', '.join(sorted(strange))}")
        if self.task.label_kind == "real" and not np.isfinite(np.asarray(predictions.labels, dtype=np.float64)).all():
            raise Failed("a prediction is no finite number")
        for said, gold in zip(predictions.labels, self.target.labels, strict=True):
            if np.shape(said) != np.shape(gold):
                raise Failed("a prediction has another shape than the labels of its example")

    def check_withheld(self) -> None:
        problem = self.problem()
        leaks = find_labels(problem, self.target.labels) if problem.shots is None else []
        if leaks:
            raise Failed(f"the problem holds {leaks[0]}")
        order = np.random.default_rng(0).permutation(len(self.target))
        gold = self.target.labels
        wrong = gold[order] if isinstance(gold, np.ndarray) else [np.roll(row, 1) for row in gold]
        permuted = Domain(self.target.name, self.target.task, self.target.inputs, wrong, self.target.classes)
        self._same(
            self.fit().predict(self.new.inputs),
            self.fit(self.problem(permuted)).predict(self.new.inputs),
            "predictions change with the target's labels",
        )

    def check_deterministic(self) -> None:
        first, second = (self.fit().predict(self.new.inputs) for _ in range(2))
        self._same(first, second, "two fits with one seed predict differently")

    def check_order(self) -> None:
        self.source, self.target = self.example(0)
        before = _bytes(self.source.inputs), _bytes(self.target.inputs)
        model = self.fit()
        forward = model.predict(self.new.inputs)
        if before != (_bytes(self.source.inputs), _bytes(self.target.inputs)):
            raise Failed("fitting changes the inputs that it is given")
        backward = model.predict(self.new.take(np.arange(len(self.new))[::-1]).inputs)
        turned = Predictions(list(backward.labels)[::-1], backward.classes)
        rounding = ROUNDING if self.task.label_kind == "real" else 0.0
        self._same(forward, turned, "predictions depend on the order of the examples", rounding)

    def check_saved(self) -> None:
        model = self.fit()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            model.save(folder)
            for path in folder.rglob("*"):
                if path.is_file() and (path.suffix not in PLAIN or _is_pickle(path)):
                    raise Failed(f"{path.name} is not npz, JSON, safetensors or skops; a model must need no unpickling")
            again = self.entry.load().model.load(folder, self.host)
            self._same(
                model.predict(self.new.inputs), again.predict(self.new.inputs), "the loaded model predicts differently"
            )

    def check_refused(self) -> None:
        """Inputs that the method does not take end in a sentence for the user."""
        source, target = self.task.example(0)
        kinds = self.entry.load().takes
        if not kinds or kind_of(source.inputs) in kinds:
            return
        try:
            self.fit(Problem(self.entry.task, (source,), target.unlabelled()))
        except UsageError:
            return
        raise Failed(f"it takes {' or '.join(kinds)}, yet fits {kind_of(source.inputs)} without a UsageError")

    def _same(self, first: Predictions, second: Predictions, complaint: str, rounding: float = 0.0) -> None:
        """Equal labels; of real ones, to within a share of the largest."""
        slack = rounding * float(np.max(np.abs(first.labels), initial=0)) if rounding else 0.0
        equal = first.classes == second.classes and all(
            np.array_equal(a, b) or (slack > 0 and np.allclose(a, b, rtol=0, atol=slack))
            for a, b in zip(first.labels, second.labels, strict=True)
        )
        if not equal:
            raise Failed(complaint)


def _check_contract(entry: MethodEntry) -> None:
    if not entry.summary or not entry.family:
        raise Failed("registered without a summary or a family")
    method = entry.load()
    if not (isinstance(method, type) and issubclass(method, Method)):
        raise Failed("the factory is not a subclass of workbench.Method")
    if not (isinstance(getattr(method, "model", None), type) and issubclass(method.model, Model)):
        raise Failed("the class attribute 'model' must name its Model class")
    if not issubclass(method.Params, Params):
        raise Failed("Params must derive from workbench.Params")
    for name, field in method.Params.model_fields.items():
        if not field.description:
            raise Failed(f"setting '{name}' has no description")
        if field.is_required():
            raise Failed(f"setting '{name}' has no default")
        if field.annotation in (int, float) and not field.metadata:
            raise Failed(f"setting '{name}' is a number without bounds")
    try:
        method.Params.parse({"no such setting": 1})
    except UsageError:
        return
    raise Failed("Params accepts settings that it does not have")


def _check_import(plugin: str) -> None:
    """Import the plugin's package alone, in a fresh interpreter."""
    script = (
        "import sys, time; start = time.perf_counter()\n"
        f"import {plugin}\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], time.perf_counter() - start)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"cannot be imported alone: {done.stderr.strip().splitlines()[-1]}")
    heavy, _, seconds = done.stdout.strip().rpartition(" ")
    if heavy != "[]":
        raise Failed(f"imports {heavy} at start; import them where they are used")
    if float(seconds) > SLOWEST_IMPORT:
        raise Failed(f"importing it takes {float(seconds):.1f} s")


def _run(subject: str, name: str, step: Callable[[], None]) -> Check:
    start = time.perf_counter()
    try:
        step()
    except Failed as failure:
        return Check(subject, name, False, str(failure), time.perf_counter() - start)
    except Exception as error:
        detail = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return Check(subject, name, False, detail, time.perf_counter() - start)
    return Check(subject, name, True, "", time.perf_counter() - start)


def _bytes(inputs: Any) -> bytes:
    if isinstance(inputs, np.ndarray):
        return inputs.tobytes()
    return repr([x.tobytes() if isinstance(x, np.ndarray) else x for x in _items(inputs)]).encode()


def _items(inputs: Any) -> Iterator[Any]:
    return iter(inputs.toarray().tolist() if hasattr(inputs, "toarray") else inputs)


def _is_pickle(path: Path) -> bool:
    if path.suffix in (".npz", ".npy"):
        try:
            loaded = np.load(path, allow_pickle=False)
            if hasattr(loaded, "files"):
                for name in loaded.files:
                    loaded[name]
        except ValueError:
            return True
        return False
    with path.open("rb") as stream:
        head = stream.read(9)
    if path.suffix == ".safetensors":  # a length in 8 bytes, which may begin like a pickle, then JSON
        return head[8:] != b"{"
    return head[:1] == b"\x80" and len(head) > 1 and head[1] <= 5
