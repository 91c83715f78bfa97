"""The contract of a selector, and the registered one of a name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from workbench.choosing.candidates import Candidate
from workbench.data.inputs import LabelKind
from workbench.errors import NotInstalled, UsageError
from workbench.methods.contract import Method

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

ORACLE = "oracle"
"""The one way to select that looks at the target's labels: an upper bound, never a default."""

LABELS: dict[LabelKind, str] = {"classes": "classes", "sequence": "classes of tokens", "real": "real labels"}
"""The kinds of labels, for people."""


class Selector(ABC):
    """Scores candidates; the highest score wins."""

    takes_labels: ClassVar[tuple[LabelKind, ...]] = ("classes",)
    """The kinds of labels that it can score."""

    needs_held_out: ClassVar[bool] = False
    """Whether a part of the labelled source must be kept from the fits."""

    needs_probabilities: ClassVar[bool] = False
    """Whether predictions of 0 and 1 alone would tell it nothing."""

    needs_features: ClassVar[bool] = False
    """Whether it looks at the feature vectors of a model (:class:`workbench.FeatureModel`)."""

    refits: ClassVar[bool] = False
    """Whether it fits the method again to a problem of its own, which has no labelled target examples."""

    @abstractmethod
    def score(self, candidate: Candidate) -> float:
        """Higher is better."""


def new_selector(name: str, host: Host, label_kind: LabelKind) -> Selector:
    """The registered selector of that name. Raises :class:`UsageError` where it does not take such labels."""
    selector: Selector = host.selectors.get(name).load()()
    if label_kind not in selector.takes_labels:
        kinds = " and ".join(LABELS[kind] for kind in selector.takes_labels)
        others = advice(host, label_kind, lambda other: True)
        raise UsageError(f"selector '{name}' is for {kinds}, and this task has {LABELS[label_kind]}; {others}")
    return selector


def check_method(name: str, selector: Selector, method: Method, label_kind: LabelKind, host: Host) -> None:
    """Raise :class:`UsageError`, with the selectors that fit, where a selector cannot fit the method again."""
    if selector.refits and method.needs_shots:
        others = advice(host, label_kind, lambda other: not other.refits)
        raise UsageError(
            f"selector '{name}' fits a method again without the labelled target examples that this one needs; {others}"
        )


def check_candidate(name: str, selector: Selector, candidate: Candidate, host: Host) -> None:
    """Raise :class:`UsageError`, with the selectors that fit, where a candidate lacks what the selector looks at."""
    if selector.needs_features and not candidate.has_features:
        others = advice(host, candidate.label_kind, lambda other: not other.needs_features)
        raise UsageError(f"selector '{name}' is for methods over feature vectors; {others}")
    if selector.needs_probabilities and not candidate.has_probabilities:
        others = advice(host, candidate.label_kind, lambda other: not other.needs_probabilities)
        raise UsageError(f"selector '{name}' needs probabilities, and this model gives none but 0 and 1; {others}")


def advice(host: Host, label_kind: LabelKind, fits: Callable[[type[Selector]], bool]) -> str:
    """What to give instead: the registered selectors that take such labels and fit."""
    names = []
    for entry in host.selectors:
        try:
            selector = entry.load()
        except NotInstalled:
            continue
        if label_kind in selector.takes_labels and fits(selector):
            names.append(entry.name)
    return f"selectors that fit: {', '.join(names)}" if names else "no installed selector fits"
