"""The settings that a selector, or the oracle, chooses for a run."""

from __future__ import annotations

from workbench.choosing.grid import Choice, choose
from workbench.choosing.selectors import ORACLE, new_selector
from workbench.data.domains import Problem
from workbench.errors import UsageError
from workbench.methods.contract import Model
from workbench.methods.variants import make
from workbench.plugins.entries import MethodEntry
from workbench.plugins.loading import Host
from workbench.running.clock import Clock
from workbench.running.judging import Judge
from workbench.running.opened import RunData
from workbench.running.specification import Specification


def select_settings(
    spec: Specification, entry: MethodEntry, data: RunData, problem: Problem, judge: Judge, host: Host, clock: Clock
) -> Choice | None:
    """Choose settings from the grid; None where no selector is asked for."""
    if not spec.select:
        if spec.grid:
            raise UsageError("--grid needs a selector: give --select NAME (see 'wb run METHOD --help')")
        return None
    oracle, selector = None, None
    if spec.select == ORACLE:
        if not spec.allow_target_labels:
            raise UsageError(
                "--select oracle looks at the target's labels: give --allow-target-labels, or another selector"
            )

        def oracle(model: Model) -> float:
            gold = data.gold()
            scores = judge.score(gold, model.predict(gold.inputs), problem)
            metric = next(iter(scores.metrics.values()))
            return metric.value if metric.higher_is_better else -metric.value
    else:
        selector = new_selector(spec.select, host, data.task.label_kind)
    with clock.stage("select"):
        return choose(
            lambda values: make(entry, values, host),
            spec.settings,
            spec.grid,
            problem,
            data.task.label_kind,
            spec.select,
            selector,
            host,
            clock.progress,
            oracle,
        )
