"""The labelled pairs that are audited, by collection: domains of one collection have the same examples or origin.

A figure that is calibrated leave-one-collection-out was chosen by none of the examples that it is then measured on.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """A labelled source and a target whose labels the audit alone reads, both as ``wb run`` names them."""

    source: str
    target: str
    source_size: int | None = None
    """As many source examples, drawn by the seed; all of them without it."""

    @property
    def folder(self) -> str:
        """The pair as a name of a folder."""
        return f"{_plain(self.source)}--{_plain(self.target)}"

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


@dataclass(frozen=True)
class Collection:
    """Pairs of one origin, and which contestants compete for them."""

    name: str
    group: str
    """Collections of one group share examples: they are left out together."""
    situation: str
    """As ``wb auto`` calls it."""
    contestants: str
    pairs: tuple[Pair, ...]
    features: str = ""
    """What ``wb auto`` would be given as the features that these vectors are; empty for those of ``auto``."""


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "." for letter in name)


def _every(collection: str, domains: Sequence[str]) -> tuple[Pair, ...]:
    return tuple(Pair(f"{collection}/{a}", f"{collection}/{b}") for a, b in itertools.permutations(domains, 2))


def _shifts(seeds: Sequence[int], dimensions: Sequence[int]) -> tuple[Pair, ...]:
    kinds = ("covariate", "target", "conditional", "subspace")
    drawn = [f"?seed={seed}&dimensions={d}" for seed, d in zip(seeds, dimensions, strict=True)]
    return tuple(Pair(f"shift/{kind}-source{q}", f"shift/{kind}-target{q}") for q in drawn for kind in kinds)


NETWORK = "cnn:efficientnet-lite0"
"""The featurizer of the pictures."""

FEATURES = "features"
"""The folder of feature files in the bank; a domain whose name begins so is such a file (:mod:`features`)."""

REVIEWS = ("books", "dvd", "electronics", "kitchen")
STYLES = ("photo", "art_painting", "cartoon", "sketch")
PLACES = ("amazon", "caltech", "dslr", "webcam")

COLLECTIONS = (
    Collection("shift", "shift", "vectors", "vectors", _shifts((0, 1, 2), (8, 8, 30))),
    Collection("surf", "surf", "shares", "histograms", _every("office-caltech-surf", PLACES)),
    Collection(
        "digits",
        "digits",
        "shares",
        "pixels",
        (Pair("mnist-usps/mnist", "mnist-usps/usps"), Pair("mnist-usps/usps", "mnist-usps/mnist")),
    ),
    Collection(
        "fonts",
        "digits",
        "images",
        "pixels",
        (Pair("fonts?n=1500&seed=0", "digits"), Pair("digits", "fonts?n=1500&seed=0")),
        "pixels",
    ),
    Collection("words", "reviews", "shares", "histograms", _every("amazon-features", REVIEWS)),
    Collection("reviews", "reviews", "texts", "texts", _every("amazon-reviews", REVIEWS)),
    Collection(
        "pictures",
        "pictures",
        "images",
        "vectors of pictures",
        tuple(Pair(f"{FEATURES}/{a}.npz", f"{FEATURES}/{b}.npz") for a, b in itertools.permutations(STYLES, 2)),
        NETWORK,
    ),
    Collection(
        "tagging", "tagging", "sentences", "sentences", (Pair("wsj", "medline", 1000), Pair("medline", "wsj", 1000))
    ),
)
"""The cheap ones first. ``words`` are the reviews again, as 400 counts."""


def collection(name: str) -> Collection:
    return next(collection for collection in COLLECTIONS if collection.name == name)
