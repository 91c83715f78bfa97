"""The numbers of a pair that the advice is taken from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from wb_diagnosis.advice import Measured
from wb_diagnosis.classification import classified
from wb_diagnosis.components import components
from wb_diagnosis.discrimination import discrimination
from wb_diagnosis.distances import coral
from wb_diagnosis.features import kind
from wb_diagnosis.reference import estimated_accuracy
from wb_diagnosis.share_change import share_change
from wb_diagnosis.unknown_words import unknown_words
from workbench.data.pairs import Pair
from workbench.errors import WbError

T = TypeVar("T")


def measured(pair: Pair) -> Measured:
    """What the checks measure, as the rules take it; what cannot be measured is None."""
    return Measured(
        kind=pair.computed(kind),
        label_kind=pair.task.label_kind,
        classes=len(pair.source.classes),
        source_examples=sum(map(len, pair.problem.sources)),
        target_examples=len(pair.problem.target),
        auc=_of(lambda: pair.computed(discrimination).auc),
        coral=_of(lambda: coral(pair.computed(components))),
        share_change=_of(lambda: _share_change(pair)),
        unknown=_of(lambda: pair.computed(unknown_words).more),
        accuracy=_of(lambda: pair.computed(estimated_accuracy).value),
        held_out_accuracy=_of(lambda: pair.computed(classified).accuracy),
    )


def _of(measure: Callable[[], T]) -> T | None:
    try:
        return measure()
    except WbError:
        return None


def _share_change(pair: Pair) -> float | None:
    change = pair.computed(share_change)
    return change.interval[0] if change.believed or change.interval[0] == 0 else None
