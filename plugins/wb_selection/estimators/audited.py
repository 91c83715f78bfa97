"""What the audit of the estimators found, as it is packaged: how far each was off, and how to weigh them together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

FILE = "audited.json"
"""Written by the audit, beside this module."""


@dataclass(frozen=True)
class Errors:
    """What was true minus what was estimated over the audited runs: a low and a high quantile, in their own unit."""

    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, eq=False)
class Blend:
    """Weights of several figures, and the errors of their weighted sum."""

    weights: Mapping[str, float]
    errors: Errors

    def sum_of(self, values: Mapping[str, float]) -> float:
        return sum(weight * values[name] for name, weight in self.weights.items())


@dataclass(frozen=True, eq=False)
class Audited:
    """The packaged figures of the audit.

    Attributes
    ----------
    estimators : mapping
        Errors of each estimator by its name, shares.
    graded, plain : Blend
        Of the consensus for models with probabilities and for those without: weights of the drops of accuracy that
        its members see, errors in logits.
    graded_difference, plain_difference : Blend
        Of two models that both have probabilities, and of any others: errors as shares of the examples on which the
        two differ.
    support : str
        How right the consensus was over the audited runs, in words; empty before an audit.
    """

    graded: Blend
    plain: Blend
    graded_difference: Blend
    plain_difference: Blend
    estimators: Mapping[str, Errors] = field(default_factory=dict)
    support: str = ""

    def errors_of(self, name: str) -> Errors:
        """Of an estimator; no errors for one that was not audited, whose interval is then that of sampling alone."""
        return self.estimators.get(name, Errors())


@cache
def audited() -> Audited:
    """The packaged file."""
    content = json.loads((resources.files(__package__) / FILE).read_text(encoding="utf-8"))
    blends = {name: Blend(given["weights"], Errors(*given["errors"])) for name, given in content["consensus"].items()}
    errors = {name: Errors(*given) for name, given in content["estimators"].items()}
    return Audited(**blends, estimators=errors, support=content.get("support", ""))
