"""The outer form of examples: scale, missing values, markup, encoding, case, length, language, size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from wb_diagnosis.features import LONGEST, documents, kind
from wb_diagnosis.image_statistics import NAMES, image_statistics
from wb_diagnosis.languages import language
from workbench.data.pairs import Pair

SCALE, MUCH = 2.0, 10.0
"""A ratio of scales, lengths or sizes from which on it is a note, from which on an issue."""

TRAIT, ALWAYS = 0.1, 0.5
"""How much the shares of a trait must differ for a note, for an issue."""

TRAITS = {
    "markup": re.compile(r"</?[a-zA-Z][^<>]*>|&[a-z]{2,6};|&#\d+;"),
    "damaged letters": re.compile("\ufffd|Ã[\x80-\xbf©¨¤¶¼±]|â€"),
    "web addresses": re.compile(r"https?://|www\."),
    "hashtags or @names": re.compile(r"(?<!\w)[#@]\w{2,}"),
}
"""Traits of texts by what shows them."""


@dataclass(frozen=True)
class Oddity:
    """One way in which the domains' forms differ."""

    message: str
    size: float
    """A ratio of at least 1, or a difference of shares."""
    serious: bool


def oddities(pair: Pair) -> tuple[Oddity, ...]:
    """Every difference of form in the samples, the serious ones first."""
    name = pair.computed(kind)
    if name == "matrix":
        oddities = _matrix(pair.source.inputs, pair.target.inputs)
    elif name == "images":
        oddities = _images(pair)
    else:
        oddities = _words(pair)
    return tuple(sorted(oddities, key=lambda oddity: not oddity.serious))


def _matrix(source: Any, target: Any) -> list[Oddity]:
    values = [np.asarray(side.data if hasattr(side, "tocsr") else side, dtype=np.float64) for side in (source, target)]
    oddities = []
    for side, name in zip(values, ("source", "target"), strict=True):
        broken = float(np.mean(~np.isfinite(side))) if side.size else 0.0
        if broken:
            oddities.append(Oddity(f"{broken:.1%} of the {name}'s values are missing or infinite", broken, True))
    sizes = [float(np.sqrt(np.mean(np.square(side[np.isfinite(side)])))) if side.size else 0.0 for side in values]
    # Sparse forms hold no zeros, so that one dense and one sparse side differ by how full they are.
    if hasattr(source, "tocsr") == hasattr(target, "tocsr"):
        oddities += _ratio("the values", *sizes)
    return oddities


def _ratio(what: str, source: float, target: float) -> list[Oddity]:
    if not (source > 0 and target > 0):
        return []
    ratio = max(source, target) / min(source, target)
    if ratio < SCALE:
        return []
    where = "source" if source > target else "target"
    message = f"{what} are {ratio:.3g} times larger in the {where} ({source:.3g} against {target:.3g})"
    return [Oddity(message, ratio, ratio >= MUCH)]


def _images(pair: Pair) -> list[Oddity]:
    sides = [dict(zip(NAMES, side.T, strict=True)) for side in pair.computed(image_statistics)]
    oddities = []
    for name in ("height", "width"):
        oddities += _ratio(f"pictures' {name}s", *(float(np.median(side[name])) for side in sides))
    highest = [max((float(np.max(image)) for image in d.inputs), default=0.0) for d in (pair.source, pair.target)]
    oddities += _ratio("the greatest pixel values", *highest)
    grey = [
        float(np.mean(side["saturation"] < 0.01 * max(top, 1e-9))) for side, top in zip(sides, highest, strict=True)
    ]
    oddities += _shares("without colours", "pictures", *grey)
    sharp = [float(np.median(side["fine detail"])) for side in sides]
    if min(sharp) > 0 and max(sharp) / min(sharp) >= SCALE:
        blurred = "source" if sharp[0] < sharp[1] else "target"
        message = f"the {blurred}'s pictures are blurred beside the other's, as after enlarging"
        oddities.append(Oddity(message, max(sharp) / min(sharp), False))
    return oddities


def _words(pair: Pair) -> list[Oddity]:
    texts = [
        [example[:LONGEST] if isinstance(example, str) else " ".join(example) for example in domain.inputs]
        for domain in (pair.source, pair.target)
    ]
    words = pair.computed(documents)
    languages = _languages(*words)
    lengths = [float(np.median([len(text) for text in side])) for side in words]
    languages += _ratio("texts (median words)", *lengths)
    for name, trait in TRAITS.items():
        shares = [float(np.mean([trait.search(text) is not None for text in side])) for side in texts]
        languages += _shares(f"with {name}", "texts", *shares)
    for name, has in (("without capitals", _no_capitals), ("in capitals alone", str.isupper)):
        languages += _shares(name, "texts", *(float(np.mean([has(text) for text in side])) for side in texts))
    return languages


def _no_capitals(text: str) -> bool:
    return text.islower()


def _shares(trait: str, unit: str, source: float, target: float) -> list[Oddity]:
    gap = abs(source - target)
    if gap < TRAIT:
        return []
    return [Oddity(f"{unit} {trait}: {source:.0%} of the source, {target:.0%} of the target", gap, gap >= ALWAYS)]


def _languages(source: list[list[str]], target: list[list[str]]) -> list[Oddity]:
    first, second = language(source), language(target)
    if first is None or second is None or first == second:
        return []
    return [Oddity(f"the source seems to be {first}, the target {second}", 1.0, True)]
