"""The task of relational domains: candidate links of one predicate, true or false."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from wb_relation import toy
from wb_relation.facts import Link, worlds_of
from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs, Labels
from workbench.data.tasks import Task
from workbench.errors import UsageError

CLASSES = ("false", "true")


class RelationTask(Task):
    """Whether the query predicate holds between two constants of a world."""

    unit = "links"

    def counts(self, domain: Domain) -> dict[str, int]:
        worlds = worlds_of(domain.inputs)
        facts = sum(len(rows) for world in worlds for rows in world.facts.values())
        return {"links": len(domain), "facts": facts, "mega-examples": len(worlds)}

    def class_names(self, names: Any) -> tuple[str, ...]:
        return CLASSES

    def encode(self, names: Any, classes: tuple[str, ...]) -> Labels:
        return np.array([classes.index(name) for name in names], dtype=np.int64)

    def choose_shots(self, domain: Domain, wanted: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """One mega-example gives ``wanted`` true links and false ones at its own ratio; none of it is scored.

        Mega-example ``seed mod n`` with sample ``seed div n``, so that consecutive seeds run through all.
        """
        worlds = worlds_of(domain.inputs)
        chosen = worlds[seed % len(worlds)]
        inside = np.flatnonzero([link.world is chosen for link in domain.inputs])
        truth = np.asarray(domain.labels)[inside] == domain.classes.index("true")
        generator = np.random.default_rng([seed // len(worlds), seed % len(worlds)])
        true, false = generator.permutation(inside[truth]), generator.permutation(inside[~truth])
        if not len(true) or not len(false):
            raise UsageError(
                f"mega-example '{chosen.name}' has no {'true' if not len(true) else 'false'} link to learn from; "
                "take another --seed"
            )
        share = max(1, round(min(wanted, len(true)) * len(false) / len(true)))
        return np.sort(np.concatenate([true[:wanted], false[:share]])), inside

    def parse(self, text: str) -> Inputs:
        raise UsageError("a link needs its world's facts: give a file of a relational domain by --file")

    def render(self, inputs: Inputs, predictions: Predictions) -> list[str]:
        names = predictions.classes
        return [f"{names[y]}\t{link!r}" for link, y in zip(inputs, predictions.labels, strict=True)]

    def rows(self, inputs: Inputs, labels: Labels, classes: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        for link, y in zip(inputs, labels, strict=True):
            yield {"input": [link.world.name, *link.names], "label": classes[y]}

    def example(self, seed: int) -> tuple[Domain, Domain]:
        return _domain("lecture", toy.LECTURE, seed), _domain("meeting", toy.MEETING, seed + 100)


def _domain(name: str, words: toy.Words, seed: int) -> Domain:
    links: list[Link]
    links, labels, _ = toy.domain(name, words, seed)
    return Domain(name, "relations", links, np.array([CLASSES.index(y) for y in labels]), CLASSES)
