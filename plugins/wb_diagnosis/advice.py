"""Which families of methods suit a pair: rules on measured numbers alone.

The rules are a pure function, so that they can be checked against gains that were measured. A score is an order, no
forecast of points.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.data.inputs import LabelKind

TOLD_APART, ALWAYS = 0.6, 0.99
"""AUCs of the domains: below the first there is hardly a shift, from the second on no overlap."""

MOMENTS = 0.5
"""A CORAL distance from which on second moments differ much."""

SHARES = 0.1
"""How much of the target must surely change its class."""

UNKNOWN = 0.02
"""How many more of the target's words are unknown than of the source's own."""

HIGH, ABOVE_CHANCE = 0.9, 0.1
"""An accuracy of source-only that leaves little to gain; how far from chance to 1 it must be for its labels to help."""

MANY = 100
"""Target examples for each class from which on their clusters show."""


@dataclass(frozen=True)
class Measured:
    """What was measured of a pair; None where it was not.

    Attributes
    ----------
    kind : str
        Of the inputs: matrix, texts, sentences or images.
    label_kind : {"classes", "sequence", "real"}
    classes : int
    source_examples, target_examples : int
    auc : float
        Of a linear classifier of the domains, held out.
    coral : float
        The CORAL distance free of scale, from 0 to 2.
    share_change : float
        How much of the target would surely have another class.
    unknown : float
        Share of the target's words that are unknown beyond those of the source's own.
    accuracy : float
        Of source-only on the target, estimated.
    held_out_accuracy : float
        Of a light classifier on held-out source examples.
    """

    kind: str
    label_kind: LabelKind
    classes: int
    source_examples: int
    target_examples: int
    auc: float | None = None
    coral: float | None = None
    share_change: float | None = None
    unknown: float | None = None
    accuracy: float | None = None
    held_out_accuracy: float | None = None


@dataclass(frozen=True)
class Advice:
    """How well a family suits, from −1 (advised against) to 1, and why; ``methods`` are some of it."""

    family: str
    score: float
    reason: str
    methods: tuple[str, ...]


def advise(measured: Measured) -> tuple[Advice, ...]:
    """Every family that serves such labels, the best first; ties stay in the order of the rules."""
    rules = {"classes": _CLASSES, "sequence": _SEQUENCES, "real": _REAL}[measured.label_kind]
    return tuple(sorted((rule(measured) for rule in rules), key=lambda advice: -advice.score))


def _source_only(m: Measured) -> Advice:
    alike = m.auc is not None and m.auc < TOLD_APART
    if alike:
        score, reason = 0.9, f"the domains are hardly told apart (AUC {m.auc:.2f})"
    elif m.accuracy is not None and m.accuracy >= HIGH:
        score, reason = 0.5, f"it is right on {m.accuracy:.0%} already, by estimate: little to gain"
    else:
        score, reason = 0.0, "what every other method is measured against"
    return Advice("source-only", score, reason, ("source-only",))


def _weights(m: Measured) -> Advice:
    methods = {
        "classes": ("domain-classifier", "kmm", "kliep"),
        "sequence": ("importance-weighting",),
        "real": ("kmm-ridge", "ulsif-ridge"),
    }[m.label_kind]
    if m.auc is None:
        return Advice("importance weights", 0.0, "the overlap of the domains was not measured", methods)
    if m.auc >= ALWAYS:
        return Advice("importance weights", -0.8, f"hardly any overlap (AUC {m.auc:.3f}): nothing to weigh", methods)
    if m.auc < TOLD_APART:
        return Advice("importance weights", 0.0, "weights would all be about 1", methods)
    score = 0.2 * (ALWAYS - m.auc) / (ALWAYS - TOLD_APART) - 0.08 + (0.4 if m.label_kind == "real" else 0.0)
    reason = f"the domains overlap (AUC {m.auc:.2f})"
    if score < 0:
        reason = f"little overlap (AUC {m.auc:.2f}): few source examples would carry all the weight"
    return Advice("importance weights", score, reason, methods)


def _label_shift(m: Measured) -> Advice:
    methods = ("label-shift",)
    if m.share_change is None:
        return Advice("label shift", 0.0, "class shares were not estimated", methods)
    if m.share_change >= SHARES:
        sure = m.auc is None or m.auc < ALWAYS
        score = min(0.9, 0.3 + 2 * m.share_change) if sure else 0.1
        return Advice("label shift", score, f"{m.share_change:.0%} of the target surely changes its class", methods)
    return Advice("label shift", -0.1, "the class shares seem the same", methods)


def _subspaces(m: Measured) -> Advice:
    methods = ("coral", "sa", "gfk")
    if m.coral is None:
        return Advice("alignment of subspaces", 0.1, "second moments were not compared", methods)
    score = 0.05 + 0.2 * min(1.0, m.coral / MOMENTS) - _penalty(m)
    if m.kind == "texts":
        return Advice(
            "alignment of subspaces", score - 0.3, "covariances of many sparse words are poorly known", methods
        )
    return Advice("alignment of subspaces", score, f"second moments differ by {m.coral:.2f} (CORAL distance)", methods)


def _distributions(m: Measured) -> Advice:
    methods = ("meda", "jda", "tca")
    shift = 0.0 if m.auc is None else max(0.0, m.auc - 0.5)
    if not _trustworthy(m):
        reason = "pseudo-labels of a source-only near chance would mislead it"
        return Advice("alignment of distributions", 0.1, reason, methods)
    score = 0.25 + 0.6 * shift - _penalty(m)
    reason = "joint alignment by pseudo-labels that are mostly right"
    if _penalty(m):
        reason = "the class shares differ, which alignment of whole domains ignores"
    return Advice("alignment of distributions", score, reason, methods)


def _self_training(m: Measured) -> Advice:
    methods = ("self-training",) if m.label_kind == "sequence" else ("stl", "pseudo-label")
    each = m.target_examples / max(1, m.classes)
    if not _trustworthy(m):
        return Advice("self-training", -0.2, "source-only is near chance: it would learn its own errors", methods)
    if each < MANY and m.label_kind == "classes":
        return Advice("self-training", 0.1, f"only {each:.0f} target examples a class", methods)
    return Advice("self-training", 0.3, "source-only is mostly right and there are many target examples", methods)


def _pivots(m: Measured) -> Advice:
    if m.kind not in ("texts", "sentences"):
        return Advice("pivot features", -0.3, "it is made for words", ("scl",))
    if m.unknown is None:
        return Advice("pivot features", 0.1, "unknown words were not counted", ("scl",))
    score = 0.1 + min(0.5, 5 * m.unknown)
    reason = f"{100 * m.unknown:.1f} points more unknown words than within the source"
    return Advice("pivot features", score, reason, ("scl",))


def _pretrained(m: Measured) -> Advice:
    """Networks that have seen more than this source."""
    if m.kind == "matrix":
        reason = "feature vectors have no pretrained network; small networks need many examples"
        return Advice("deep networks", 0.0, reason, ("dann", "deep-coral"))
    methods = ("finetune",) if m.kind == "images" else ("finetune-transformer",)
    return Advice("deep networks", 0.6, "pretrained networks know more than this source (a GPU helps)", methods)


def _trustworthy(m: Measured) -> bool:
    """Whether source-only's labels of the target are worth learning from."""
    chance = 1 / max(1, m.classes)
    known = m.accuracy if m.accuracy is not None else m.held_out_accuracy
    return known is None or known >= chance + ABOVE_CHANCE * (1 - chance)


def _penalty(m: Measured) -> float:
    """What alignment of whole domains loses where class shares differ."""
    return min(0.4, 2 * m.share_change) if m.share_change is not None and m.share_change >= SHARES else 0.0


_CLASSES = (_distributions, _subspaces, _label_shift, _pivots, _self_training, _weights, _pretrained, _source_only)
_SEQUENCES = (_pivots, _self_training, _weights, _pretrained, _source_only)
_REAL = (_weights, _source_only)
