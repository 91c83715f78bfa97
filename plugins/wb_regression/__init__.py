"""Regression: real-valued labels of feature vectors or texts, and the methods that adapt a ridge regression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import EvaluatorEntry, MethodEntry, ReaderEntry, TaskEntry
    from workbench.plugins.registry import Registrar

TASK = "regression"

METHODS = (
    ("kmm-ridge", "importance:KMMRidge", "instance/reweighting", "ridge regression weighted by kernel mean matching"),
    ("ulsif-ridge", "importance:ULSIFRidge", "instance/reweighting", "the same, weighted by uLSIF's density ratio"),
    (
        "tradaboost-r2",
        "tradaboost:TrAdaBoostR2",
        "instance/boosting",
        "boosting that forgets source examples which a few target ones contradict",
    ),
    (
        "two-stage-tradaboost-r2",
        "two_stage:TwoStageTrAdaBoostR2",
        "instance/boosting",
        "the same in steps: how much of the source is forgotten is cross-validated",
    ),
)


@hookimpl
def wb_register_tasks(register: Registrar[TaskEntry]) -> None:
    register(TASK, "wb_regression.task:RegressionTask", summary="one real number for each example")


@hookimpl
def wb_register_readers(register: Registrar[ReaderEntry]) -> None:
    where = "wb_regression.readers"
    register(
        "targets",
        f"{where}:TargetTable",
        task=TASK,
        suffixes=(".csv", ".tsv", ".parquet"),
        summary="tables of numbers with a numeric target",
    )
    register(
        "target-arrays",
        f"{where}:TargetArrays",
        task=TASK,
        suffixes=(".npz", ".npy"),
        summary="NumPy arrays with a numeric target",
    )
    register("rated-texts", f"{where}:RatedTexts", task=TASK, summary="texts with a number, in named columns")


@hookimpl
def wb_register_evaluators(register: Registrar[EvaluatorEntry]) -> None:
    register(TASK, "wb_regression.evaluator:RegressionEvaluator", task=TASK, summary="RMSE, MAE, R²")


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    register(
        "source-only",
        "wb_regression.ridge:SourceOnlyRidge",
        task=TASK,
        family="baseline",
        summary="ridge regression with no adaptation",
    )
    for name, factory, family, summary in METHODS:
        register(
            name,
            f"wb_regression.{factory}",
            task=TASK,
            family=family,
            baseline="source-only",
            summary=summary,
        )
