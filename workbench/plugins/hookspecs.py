"""Every hook that a plugin can implement.

All hooks fire once, in the order below, when a command or a Python program first needs the registries
(``workbench.plugins.loading.load``): before any data is read and before anything heavy is imported. A hook is handed a
small registrar and calls it once for each thing it offers; it returns nothing. Factories are references such as
``"my_package.my_module:MyMethod"``: they are imported only when the thing is used, so keep the plugin's
``__init__`` light.

A plugin whose hook raises is reported by name and left out; the others go on. A name that an earlier plugin has taken
is registered as ``plugin:name``, which ``wb doctor`` tells; what is told below happens later, when the thing is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

import pluggy

if TYPE_CHECKING:
    from workbench.plugins.entries import (
        CheckEntry,
        ClassifierEntry,
        CommandEntry,
        CorpusEntry,
        EstimatorEntry,
        EvaluatorEntry,
        ExecutorEntry,
        ExporterEntry,
        FeaturizerEntry,
        FigureEntry,
        MethodEntry,
        ObserverEntry,
        ReaderEntry,
        SelectorEntry,
        TaskEntry,
    )
    from workbench.plugins.registry import Registrar

GROUP = "workbench"

F = TypeVar("F", bound=Callable[..., object])

hookspec = pluggy.HookspecMarker(GROUP)

hookimpl = cast("Callable[[F], F]", pluggy.HookimplMarker(GROUP))
"""Marks a function of a plugin as the implementation of the hook of the same name."""


@hookspec
def wb_register_tasks(register: Registrar[TaskEntry]) -> None:
    """Offer kinds of examples and labels (``workbench.data.tasks.Task``).

    ``register(name, factory, summary="…")``. A task says how its examples are counted, shown, parsed from text
    and stored; methods, readers and evaluators name the task that they are for.
    """


@hookspec
def wb_register_readers(register: Registrar[ReaderEntry]) -> None:
    """Offer file readers (``workbench.data.readers.Reader``).

    ``register(name, factory, task="…", suffixes=(".ext",), summary="…")``. Suffixes let ``--src file.ext`` find
    the reader; where several fit, the first whose ``recognises`` accepts the file's beginning is taken. With
    ``opens=True`` it is an opener of whole data sets (``workbench.data.openers.Opener``), without task or suffix.
    """


@hookspec
def wb_register_corpora(register: Registrar[CorpusEntry]) -> None:
    """Offer data sets by card or by generator.

    ``register(name, "package:cards/name.toml", task="…", summary="…")`` for a card (``workbench.data.cards.Card``);
    ``register(name, "package.module:Generator", task="…", generated=True)`` for data made in the computer, by a
    ``workbench.data.generators.Generator``: its ``Params`` are the settings of ``NAME?setting=value``, and a setting
    ``seed`` is the run's seed where the name gives none; ``make(domain)`` returns a ``workbench.data.corpus.Corpus``.
    ``domains=("a", "b")`` makes a collection; with ``short=False`` its domains are named in full only.
    """


@hookspec
def wb_register_featurizers(register: Registrar[FeaturizerEntry]) -> None:
    """Offer ways to turn examples into feature matrices (``workbench.methods.featurizers.Featurizer``).

    ``register(name, factory, inputs="texts", summary="…")``; users choose one by ``--features NAME``.
    """


@hookspec
def wb_register_classifiers(register: Registrar[ClassifierEntry]) -> None:
    """Offer classifiers for adapted features.

    ``register(name, factory, summary="…")``: the factory is called with ``seed`` and returns an unfitted
    scikit-learn classifier; users choose one by ``--classifier NAME``. ``default=True`` marks the one that ``auto``
    takes where neither the features nor the method name another.
    """


@hookspec
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    """Offer adaptation methods and baselines (``workbench.methods.contract.Method``).

    ``register(name, factory, task="…", family="feature/selection", baseline="source-only", summary="…")``. The
    same name may be registered once for each task. ``extra`` names the optional dependencies it needs;
    ``companions=("other",)`` names further methods that every run scores beside it, ``aliases=("dda",)`` other names
    of the field, ``estimator="package.module:Class"`` its scikit-learn estimator for ``workbench.estimators``.
    """


@hookspec
def wb_register_evaluators(register: Registrar[EvaluatorEntry]) -> None:
    """Offer ways to score predictions (``workbench.scoring.evaluators.Evaluator``).

    ``register(name, factory, task="…", summary="…")``. Every evaluator of a run's task scores that run; the
    first figure of the first one, by name, decides the verdict.
    """


@hookspec
def wb_register_selectors(register: Registrar[SelectorEntry]) -> None:
    """Offer ways to choose settings without target labels (``workbench.choosing.selectors.Selector``).

    ``register(name, factory, summary="…")``; users choose one by ``wb run … --select NAME --grid SETTING=A,B``.
    """


@hookspec
def wb_register_estimators(register: Registrar[EstimatorEntry]) -> None:
    """Offer ways to estimate accuracy without target labels (``workbench.choosing.estimators.Estimator``).

    ``register(name, factory, summary="…")``. It is asked after a model has been fitted and is given it as a
    ``Candidate``, with labelled source examples that the fit did not see; it returns an estimate with its interval.
    """


@hookspec
def wb_register_checks(register: Registrar[CheckEntry]) -> None:
    """Offer checks of a pair of domains (``workbench.data.checks.Check``).

    ``register(name, factory, summary="…")``. ``wb diagnose`` calls it before anything is adapted, with a ``Pair`` of
    labelled source and unlabelled target; it returns one ``Finding``: issue, note or passed, or raises
    ``NotApplicable``.
    """


@hookspec
def wb_register_figures(register: Registrar[FigureEntry]) -> None:
    """Offer pictures drawn from a record (``workbench.report.figure.Figure``).

    ``register(name, factory, methods=("scl",), summary="…")``; ``wb runs draw RUN`` makes them.
    """


@hookspec
def wb_register_exporters(register: Registrar[ExporterEntry]) -> None:
    """Offer ways to write a record for another program (``workbench.report.exporter.Exporter``).

    ``register(name, factory, summary="…")``; ``wb runs export RUN --to NAME --out FOLDER`` calls it with a finished
    record and an empty folder. It writes files there and returns nothing.
    """


@hookspec
def wb_register_executors(register: Registrar[ExecutorEntry]) -> None:
    """Offer places where a bench's runs are carried out (``workbench.benching.executors``).

    ``register(name, factory, summary="…")``; the factory is called with the number of jobs and returns a
    ``concurrent.futures.Executor``. ``wb bench`` calls that of ``processes`` when it begins, and again where a worker
    died; a Python program hands the executor of any other to ``workbench.bench``.
    """


@hookspec
def wb_register_observers(register: Registrar[ObserverEntry]) -> None:
    """Offer something that is told of runs (``workbench.running.observers.Observer``).

    ``register(name, factory, summary="…")``. One is made for each run or bench, with no arguments, and told when a run
    begins and ends, when a fit begins and ends, and when a cell of a bench ends; what it returns is ignored, and one
    that raises is told once and then left out.
    """


@hookspec
def wb_register_commands(register: Registrar[CommandEntry]) -> None:
    """Offer commands of ``wb``.

    ``register(name, "package.module:command", summary="…")``: a click command or group, imported when it is
    called or its help is asked for. Ours come this way too, and first: a built-in command's name cannot be taken.
    """
