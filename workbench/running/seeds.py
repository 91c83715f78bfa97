"""Several seeds of one run as one outcome: means, spreads, and a test of examples and trainings at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from workbench.choosing.estimators import LEVEL, normal_p
from workbench.running.outcome import Estimates, Outcome, Reference, SeedOutcome
from workbench.scoring.comparing import NOT_COMPARED, Comparison, Difference, Estimate, decide, supported
from workbench.scoring.statistics import two_way_test

NORMAL = 1.96
"""Standard errors on either side of a mean that a 95 % interval reaches."""

ESTIMATE_REACH = NormalDist().inv_cdf((1 + LEVEL) / 2)
"""The same of the interval of an estimate without labels."""


def combine(outcomes: Sequence[Outcome]) -> Outcome:
    """Merge the runs of several seeds; each keeps its own record.

    A figure's value is the mean over the seeds. Its interval and the test of the difference hold for other examples
    and other trainings at once: see :func:`workbench.scoring.statistics.two_way_test`. Where no seed differs from
    another (a method without randomness) the paired test over the examples stands.
    """
    first = outcomes[0]
    comparisons = [outcome.comparison for outcome in outcomes if outcome.comparison is not None]
    stages = dict.fromkeys(stage for outcome in outcomes for stage in outcome.seconds)
    return first.model_copy(
        update={
            "seeds": tuple(outcome.seed for outcome in outcomes),
            "comparison": _combined(comparisons, first.floor) if comparisons else None,
            "spread": {side: _spread(comparisons, side) for side in ("baseline", "adapted", "difference")},
            "estimates": _estimates([outcome.estimates for outcome in outcomes]),
            "reference": _reference(outcomes),
            "companions": _companions([outcome.companions for outcome in outcomes]),
            "seconds": {stage: sum(o.seconds.get(stage, 0.0) for o in outcomes) for stage in stages},
            "peak_memory_mb": max(outcome.peak_memory_mb for outcome in outcomes),
            "runs": tuple(_short(outcome) for outcome in outcomes),
        }
    )


def _combined(comparisons: Sequence[Comparison], floor: float) -> Comparison:
    """One comparison of several trainings on the same examples."""
    first = comparisons[0]
    adapted = {name: _mean([c.adapted[name] for c in comparisons]) for name in first.adapted}
    baseline = {name: _mean([c.baseline[name] for c in comparisons]) for name in first.baseline}
    change = {name: _paired([c.difference[name] for c in comparisons]) for name in first.difference}
    primary, scales = first.primary, first.scales
    verdict = decide(change[primary], scales[primary], floor) if primary in change else NOT_COMPARED
    return Comparison(scales, baseline, adapted, change, verdict)


def _estimates(estimates: Sequence[Estimates | None]) -> Estimates | None:
    """The estimates of several trainings as one; None where a run has none."""
    present = [one for one in estimates if one is not None]
    if len(present) < len(estimates):
        return None
    first = present[0]
    sides = {side: [getattr(one, side) for one in present] for side in ("adapted", "baseline", "reference")}
    changes = {name: [getattr(one, name) for one in present] for name in ("difference", "over_reference")}
    return first.model_copy(
        update={
            **{
                side: {name: _mean([figures[name] for figures in of_runs], ESTIMATE_REACH) for name in of_runs[0]}
                for side, of_runs in sides.items()
            },
            **{name: _estimated_change(of_runs) for name, of_runs in changes.items() if None not in of_runs},
        }
    )


def _estimated_change(changes: Sequence[Difference]) -> Difference:
    mean = _mean([Estimate(change.value, change.low, change.high) for change in changes], ESTIMATE_REACH)
    return Difference(mean.value, mean.low, mean.high, normal_p(mean.value, mean.low, mean.high))


def _short(outcome: Outcome) -> SeedOutcome:
    compared = outcome.shown
    return SeedOutcome(
        seed=outcome.seed,
        scores={"baseline": compared.baseline, "adapted": compared.adapted},
        difference=compared.difference,
        verdict=outcome.verdict,
        record=str(outcome.record or ""),
    )


def _mean(estimates: Sequence[Estimate], reach: float = NORMAL) -> Estimate:
    """The mean with the half width of both sources of chance: the spread of the seeds and each seed's examples."""
    values = np.array([estimate.value for estimate in estimates])
    examples = np.mean([estimate.high - estimate.low for estimate in estimates]) / (2 * reach)
    half = reach * float(np.hypot(_deviation(values) / np.sqrt(len(values)), examples))
    mean = float(values.mean())
    return Estimate(mean, mean - half, mean + half)


def _paired(differences: Sequence[Difference]) -> Difference:
    values = np.array([difference.value for difference in differences])
    if len(values) < 2 or np.ptp(values) == 0:
        return differences[0]
    examples = float(np.mean([difference.high - difference.low for difference in differences])) / (2 * NORMAL)
    p, low, high = two_way_test(values, examples)
    return Difference(float(values.mean()), low, high, p)


def _deviation(values: np.ndarray) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else 0.0


def _spread(comparisons: Sequence[Comparison], side: str) -> dict[str, float]:
    """The standard deviation over the seeds of each figure of one side."""
    names: Mapping[str, Estimate | Difference] = getattr(comparisons[0], side) if comparisons else {}
    return {name: _deviation(np.array([getattr(c, side)[name].value for c in comparisons])) for name in names}


def _companions(companions: Sequence[Mapping[str, Mapping[str, Estimate]]]) -> dict[str, dict[str, Estimate]]:
    """The companions' figures, averaged over the runs."""
    return {
        name: {figure: _mean([each[name][figure] for each in companions]) for figure in figures}
        for name, figures in companions[0].items()
        if all(name in each for each in companions)
    }


def _reference(outcomes: Sequence[Outcome]) -> Reference | None:
    """The plain reference over the seeds; None where a run has none."""
    references = [outcome.reference for outcome in outcomes if outcome.reference is not None]
    if len(references) < len(outcomes):
        return None
    first = references[0]
    paired = _paired if outcomes[0].comparison is not None else _estimated_change
    change = {name: paired([r.difference[name] for r in references]) for name in first.difference}
    compared = outcomes[0].shown
    return first.model_copy(
        update={
            "scores": {name: _mean([r.scores[name] for r in references]) for name in first.scores},
            "difference": change,
            "verdict": _verdict(change[compared.primary], outcomes[0]),
        }
    )


def _verdict(change: Difference, first: Outcome) -> str:
    return decide(change, first.primary, first.floor) if first.comparison is not None else supported(change)
