"""What the audit of the estimators found, as it is packaged: how far each was off, and how to weigh them together."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

FILE = "audited.json"
"""Written by the audit, beside this module."""


@dataclass(frozen=True)
class Errors:
    """Accuracy minus estimate over the audited runs: the 5 % and the 95 % quantile, shares."""

    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, eq=False)
class Audited:
    """The packaged figures of the audit."""

    estimators: dict[str, Errors]
    consensus: dict[str, Any]

    def errors_of(self, name: str) -> Errors:
        """Of an estimator; no errors for one that was not audited, whose interval is then that of sampling alone."""
        return self.estimators.get(name, Errors())


@cache
def audited() -> Audited:
    """The packaged file."""
    content = json.loads((resources.files(__package__) / FILE).read_text(encoding="utf-8"))
    return Audited({name: Errors(**errors) for name, errors in content["estimators"].items()}, content["consensus"])
