"""What a run shows, in sentences: of scores, or of estimates where the target has no labels."""

from __future__ import annotations

from workbench.report import terminal
from workbench.running.outcome import Estimates, Outcome, Reference
from workbench.scoring.comparing import (
    CANNOT_TELL,
    NEGATIVE,
    NOT_COMPARED,
    POSITIVE,
    PROBABLY_BETTER,
    Difference,
    Estimate,
)


def verdict(outcome: Outcome) -> str:
    """What the run shows, in a few sentences: against the baseline, against the plain reference, and how sure."""
    if outcome.comparison is None:
        return estimated(outcome)
    sentences = [_against_baseline(outcome)]
    reference = terminal.other_reference(outcome)
    if reference is not None:
        sentences.append(_against_reference(outcome, reference))
    if outcome.runs and outcome.shown.difference:
        sentences.append(_wins(outcome))
    elif outcome.stochastic and outcome.verdict != NOT_COMPARED and not outcome.runs:
        sentences.append("One training: the test is about other examples, not other trainings (--seeds 5 asks both).")
    return " ".join(sentences)


def _against_baseline(outcome: Outcome) -> str:
    if outcome.verdict == NOT_COMPARED:
        return f"{outcome.method} is not compared: it ran without a baseline."
    compared, scale, title = outcome.shown, outcome.primary, outcome.title
    change = compared.difference[compared.primary]
    interval = f"95 % interval {scale.difference(change.low)} to {scale.difference(change.high)}"
    opening = {
        POSITIVE: f"Positive: {title} helps",
        NEGATIVE: f"Negative transfer: {title} hurts",
    }.get(compared.verdict, f"No clear difference between {title} and {outcome.baseline}")
    return f"{opening}, {scale.amount(change.value)} ({interval}, p {terminal.p_value(change.p, words=True)})."


def _against_reference(outcome: Outcome, reference: Reference) -> str:
    scale, name = outcome.primary, outcome.shown.primary
    change, value = reference.difference[name], scale.value(reference.scores[name].value)
    opening = {
        POSITIVE: "It beats the plain reference",
        NEGATIVE: "It is worse than the plain reference",
    }.get(reference.verdict, "It does not beat the plain reference")
    tested = f"{scale.difference(change.value)}, p {terminal.p_value(change.p, words=True)}"
    return f"{opening}, {reference.title} with {value} ({tested})."


def _wins(outcome: Outcome) -> str:
    """Over several seeds, in how many the method was ahead."""
    name, scale = outcome.shown.primary, outcome.primary
    ahead = sum(scale.gain(run.difference[name].value) > 0 for run in outcome.runs)
    return f"Ahead in {ahead} of {len(outcome.runs)} runs."


def estimated(outcome: Outcome) -> str:
    """What the estimates of a run without labels support: no verdict, but how sure one may be."""
    estimates, target = outcome.estimates, outcome.target.name
    if estimates is None:
        return f"No verdict: {target} has no labels to score by, and nothing could be estimated without them."
    basis = "estimated without labels" + (f"; {estimates.support}" if estimates.support else "")
    after = estimates.adapted[estimates.estimator]
    change = estimates.difference
    if change is None:
        return f"{outcome.title} is probably right on {_points(outcome, after)} ({basis})."
    before = estimates.baseline[estimates.estimator]
    sentences = [f"{_supported(outcome, change, before, after)} ({basis})."]
    reference = terminal.other_reference(outcome)
    if reference is not None:
        sentences.append(_against_estimated(outcome, estimates, reference))
    return " ".join(sentences)


def _points(outcome: Outcome, figure: Estimate) -> str:
    value, low, high = (outcome.primary.value(bound, 0) for bound in (figure.value, figure.low, figure.high))
    return f"{value} %, 90 % interval {low} to {high}"


def _supported(outcome: Outcome, change: Difference, before: Estimate, after: Estimate) -> str:
    scale = outcome.primary
    figures = f"{scale.value(after.value, 0)} against {scale.value(before.value, 0)}"
    if change.low == change.high == 0:
        return f"No difference: {outcome.title} and {outcome.baseline} say the same of every example, {figures}"
    if outcome.verdict == CANNOT_TELL:
        interval = f"{scale.difference(change.low)} to {scale.difference(change.high)}"
        return (
            f"Cannot tell whether {outcome.title} is better than {outcome.baseline}: {figures}, "
            f"90 % interval of the difference {interval}"
        )
    return f"{outcome.verdict.capitalize()} than {outcome.baseline}: {figures}"


def _against_estimated(outcome: Outcome, estimates: Estimates, reference: Reference) -> str:
    value = outcome.primary.value(estimates.reference[estimates.estimator].value, 0)
    opening = {
        CANNOT_TELL: "Nor can it be told from the plain reference"
        if outcome.verdict == CANNOT_TELL
        else "It cannot be told from the plain reference",
        PROBABLY_BETTER: "It is probably better than the plain reference",
    }.get(reference.verdict, "It is probably worse than the plain reference")
    return f"{opening}, {reference.title} with {value}."
