"""Several seeds of one run as one outcome: means, spreads and a test over the pairs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from workbench.running.outcome import Result
from workbench.scoring import statistics
from workbench.scoring.comparing import NOT_COMPARED, Comparison, Difference, Estimate, decide


def combine(results: list[Result]) -> Result:
    """The runs of several seeds as one :class:`Result`; each run keeps its own record.

    A figure's value is the mean over the seeds and its interval ± 1.96 standard errors of that mean; the
    difference is tested by Student's paired t over the seeds. Where no seed differs from another (a method
    without randomness) the paired test over the examples stands instead.
    """
    first = results[0]
    comparisons = [result.comparison for result in results]
    adapted = {name: _mean([c.adapted[name] for c in comparisons]) for name in first.comparison.adapted}
    baseline = {name: _mean([c.baseline[name] for c in comparisons]) for name in first.comparison.baseline}
    change = {name: _paired([c.difference[name] for c in comparisons]) for name in first.comparison.difference}
    verdict = NOT_COMPARED
    if change:
        name = first.comparison.primary
        verdict = decide(change[name], first.comparison.higher_is_better.get(name, True))
    combined = Comparison(
        first.comparison.titles, baseline, adapted, change, verdict, first.comparison.higher_is_better
    )
    return Result(_summary(results, combined), combined, first.changes, first.notices, first.record)


def _mean(estimates: list[Estimate]) -> Estimate:
    values = np.array([estimate.value for estimate in estimates])
    mean, half = float(values.mean()), 1.96 * _sd(values) / np.sqrt(len(values))
    return Estimate(mean, mean - half, mean + half)


def _sd(values: np.ndarray) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else 0.0


def _paired(differences: list[Difference]) -> Difference:
    values = np.array([difference.value for difference in differences])
    p, low, high = statistics.seeds_test(values)
    if np.isnan(p):
        return differences[0]
    return Difference(float(values.mean()), low, high, p)


def _summary(results: list[Result], combined: Comparison) -> dict[str, Any]:
    """The JSON object of the combined outcome: as one run's, with spreads, and the runs themselves."""

    def spread(side: str) -> dict[str, dict[str, float]]:
        return {
            name: asdict(estimate) | {"sd": _sd(np.array([getattr(r.comparison, side)[name].value for r in results]))}
            for name, estimate in getattr(combined, side).items()
        }

    runs = [result.summary for result in results]
    stages = dict.fromkeys(stage for run in runs for stage in run["seconds"])
    return {
        **runs[0],
        "seeds": [run["seed"] for run in runs],
        "scores": {"baseline": spread("baseline"), "adapted": spread("adapted")},
        "difference": spread("difference"),
        **_companions(runs),
        "verdict": combined.verdict,
        "seconds": {stage: sum(run["seconds"].get(stage, 0.0) for run in runs) for stage in stages},
        "peak_memory_mb": max(run["peak_memory_mb"] for run in runs),
        "runs": [{key: run[key] for key in ("seed", "scores", "difference", "verdict", "record")} for run in runs],
    }


def _companions(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The companions' figures, averaged over the runs; nothing where there are none."""
    if not all("companions" in run for run in runs):
        return {}

    def mean(name: str, figure: str) -> dict[str, float]:
        found = [Estimate(**run["companions"][name][figure]) for run in runs]
        return asdict(_mean(found)) | {"sd": _sd(np.array([estimate.value for estimate in found]))}

    first = runs[0]["companions"]
    return {"companions": {name: {figure: mean(name, figure) for figure in figures} for name, figures in first.items()}}
