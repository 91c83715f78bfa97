"""The kit on whole plugins, and on things that are no methods and do not keep their contracts."""

import sys
from pathlib import Path
from types import ModuleType

import click
import numpy as np
import pytest

from workbench import Evaluator, Examples, Figure, Metric, Reader, Scores, hookimpl, load
from workbench.choosing.selectors import Selector
from workbench.data.checks import Check, Finding
from workbench.errors import UnknownName
from workbench.plugins.entries import (
    CheckEntry,
    ClassifierEntry,
    CommandEntry,
    CorpusEntry,
    EvaluatorEntry,
    FigureEntry,
    ObserverEntry,
    ReaderEntry,
    SelectorEntry,
)
from workbench.running.observers import Observer
from workbench.testing import assert_conforms
from workbench.testing.kit import check_entry, check_plugin


def failures(entry_type, factory, host, **more) -> str:
    entry = entry_type(name="mine", factory=factory, plugin="p", summary="s", **more)
    return "\n".join(f"{check.name}: {check.detail}" for check in check_entry(entry, host) if not check.passed)


class Lines(Reader):
    sample = "a: b\n"

    def read(self, files, labelled=True):
        lines = [line for file in files for line in file.read_text().splitlines()]
        return Examples(lines, ["x"] * len(lines) if labelled else None)


def test_readers(host):
    class Leaky(Lines):
        def read(self, files, labelled=True):
            return super().read(files, True)

    class Crashing(Lines):
        def read(self, files, labelled=True):
            files[0].read_bytes().decode()
            return super().read(files, labelled)

    class Counting(Lines):
        seen = 0

        def read(self, files, labelled=True):
            Counting.seen += 1
            return Examples([f"read {Counting.seen}"], ["x"] if labelled else None)

    about = {"task": "classification", "suffixes": (".lines",)}
    assert failures(ReaderEntry, Lines, host, **about) == ""
    assert "gives labels all the same" in failures(ReaderEntry, Leaky, host, **about)
    assert "UnicodeDecodeError" in failures(ReaderEntry, Crashing, host, **about)
    assert "gives other inputs" in failures(ReaderEntry, Counting, host, **about)
    assert "must be a tuple" in failures(ReaderEntry, Lines, host, task="classification", suffixes=".lines")
    assert "which nobody registers" in failures(ReaderEntry, Lines, host, task="dreams")


def test_evaluators(host):
    class Share(Evaluator):
        def score(self, gold, predictions, problem):
            right = np.asarray(gold.labels) == np.asarray(predictions.labels)
            return Scores({"share": Metric(np.stack([right, np.ones(len(right))], axis=1))})

    class Backwards(Evaluator):
        def score(self, gold, predictions, problem):
            wrong = np.array(gold.classes)[gold.labels] != np.array(predictions.classes)[predictions.labels]
            return Scores({"errors": Metric(np.stack([wrong, np.ones(len(wrong))], axis=1))})

    about = {"task": "classification"}
    assert "compare classes by name" in failures(EvaluatorEntry, Share, host, **about)
    assert "prefers wrong predictions" in failures(EvaluatorEntry, Backwards, host, **about)


def test_selectors_checks_classifiers_and_observers(host):
    class Undecided(Selector):
        def score(self, candidate):
            return float("nan")

    class Silent(Check):
        code = "SIL1"

        def check(self, pair):
            return Finding("SIL1", "passed", "")

    class Touchy(Observer):
        def fit_ends(self, method, seconds):
            raise ValueError("leave me alone")

    def fitted(seed):
        from sklearn.dummy import DummyClassifier

        return DummyClassifier().fit([[0], [1]], [0, 1])

    assert "not a finite float" in failures(SelectorEntry, Undecided, host)
    assert "has no message" in failures(CheckEntry, Silent, host)
    assert "leave me alone" in failures(ObserverEntry, Touchy, host)
    assert "fitted already" in failures(ClassifierEntry, fitted, host)


def test_figures_and_commands(host):
    class Blank(Figure):
        def draw(self, record, path, host):
            Path(path).write_text("no picture")

    assert "no PNG or SVG" in failures(FigureEntry, Blank, host)
    assert "no method 'nothing'" in failures(FigureEntry, Blank, host, methods=("nothing",))
    assert "write a docstring" in failures(CommandEntry, click.Command("mute"), host)
    assert "not a click command" in failures(CommandEntry, print, host)


def test_generators(host):
    class Careless(host.corpora.get("digits").load()):
        @classmethod
        def of(cls, name, settings, seed=0):
            return cls()

    about = {"plugin": "p", "summary": "s", "task": "classification", "generated": True}
    mine = CorpusEntry(name="mine", factory=Careless, **about)
    own = load()
    own.corpora.add(mine)
    found = [check.detail for check in check_entry(mine, own) if not check.passed]
    assert any("accepts settings that it does not have" in detail for detail in found)


def plugin(tmp_path, monkeypatch, name, **files):
    folder = tmp_path / name
    folder.mkdir()
    for file, text in {"__init__": "", **files}.items():
        (folder / f"{file}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return __import__(name)


def test_every_module_of_a_package_must_compile(tmp_path, monkeypatch):
    code = "from workbench import hookimpl\n@hookimpl\ndef wb_register_selectors(register): pass\n"
    host = load([plugin(tmp_path, monkeypatch, "wb_halfway", __init__=code, later="def f(:\n")])
    found = {check.name: check.detail for check in check_plugin("wb_halfway", host) if not check.passed}
    assert "later.py" in found["every module compiles"]
    assert "none of its hooks registers anything" in found["registers something"]


def test_a_plugin_is_checked_as_itself_whatever_names_it_shares():
    class Broken(Selector):
        def score(self, candidate):
            raise ValueError("mine is broken")

    module = ModuleType("json")  # stands for a package that can be imported

    @hookimpl
    def wb_register_selectors(register):
        register("entropy", Broken, summary="s")

    module.wb_register_selectors = wb_register_selectors
    host = load([module])
    with pytest.raises(AssertionError, match="mine is broken"):
        assert_conforms(host=host, plugin="json")


def test_what_is_asked_for_must_be_there_and_clear(host):
    with pytest.raises(UnknownName, match="no plugin 'wb_nothing'"):
        assert_conforms(plugin="wb_nothing", host=host)
    for arguments in ({}, {"name": "tca", "plugin": "wb_distribution"}):
        with pytest.raises(TypeError, match="give the name of a method, or plugin"):
            assert_conforms(**arguments, host=host)
