"""The methods, settings and features that compete for a pair, by the kind of its examples.

The first of each list tell most and cost least: ``bank.py --most N`` takes so many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Contestant:
    """A method with settings that differ from its defaults."""

    method: str
    settings: Mapping[str, Any] = field(default_factory=dict)


def _each(names: str, settings: Mapping[str, Any] | None = None) -> tuple[Contestant, ...]:
    return tuple(Contestant(name, settings or {}) for name in names.split())


def _with(settings: Mapping[str, Any], contestants: Sequence[Contestant]) -> tuple[Contestant, ...]:
    """The same contestants with further settings."""
    return tuple(Contestant(one.method, {**settings, **one.settings}) for one in contestants)


LOGREG = {"classifier": "logreg"}
HELLINGER = {"scaling": "hellinger"}

_CORE = (*_each("source-only coral sa jda kliep tca", LOGREG), *_each("source-only meda"))
"""One of each kind; over logistic regression, which gives probabilities, where the method is no classifier itself."""

_MORE = (
    *_each("sa gfk tca jda"),
    *_each("kmm ulsif sda gfk domain-classifier nearest-weights tjm ot", LOGREG),
    Contestant("source-only", {"classifier": "svm"}),
)

_DEEP = _each("network mcc dann im deep-coral")

_COSTLY = (*_each("bda rulsif", LOGREG), *_each("stl"))

_HISTOGRAMS = (
    *_with(HELLINGER, _each("source-only coral jda", LOGREG)),
    Contestant("meda", {**HELLINGER, "manifold": 0.1}),
)

CONTESTANTS: Mapping[str, tuple[Contestant, ...]] = {
    "vectors": (*_CORE, *_MORE, *_DEEP, *_COSTLY),
    "pixels": (*_CORE, *_MORE, *_DEEP, *_COSTLY),
    "histograms": (*_CORE, *_HISTOGRAMS, *_MORE, *_DEEP, *_COSTLY),
    "texts": (
        *_each("source-only scl kliep domain-classifier", LOGREG),
        Contestant("sa", {**LOGREG, "dimensions": 200}),
        Contestant("coral", {**LOGREG, "regularisation": 0.01}),
        *_each("ulsif nearest-weights", LOGREG),
        Contestant("source-only", {"classifier": "linear-svm"}),
        *_each("tca kmm rulsif", LOGREG),
        Contestant("sda", {**LOGREG, "dimensions": 200}),
        *_each("meda"),
    ),
    "vectors of pictures": (*_CORE, *_MORE, *_COSTLY),
    "sentences": _each("source-only self-training scl importance-weighting"),
}
"""By the contestants of a :class:`pairs.Collection`."""
