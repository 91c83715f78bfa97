"""Context features of every token, built in bulk: a fixed-width table of feature ids.

The 15 templates look at the word itself, its neighbours and the words two away (Blitzer, McDonald & Pereira,
EMNLP 2006, § 5, and Ratnaparkhi, EMNLP 1996, table 1, in a compact form). Prefixes are left out: on the development
text they cost the source-only tagger nothing and SCL a fifth of a point, because they say little about the tag.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wb_text.tagging.words import ATTRIBUTES, Sentences, Text, attributes_of

MIDDLE = ("word", "lower", "suffix2", "suffix3", "suffix4", "shape", "flags")
NEIGHBOUR = ("word", "suffix3", "shape")
GROUPS = ("word", "affix", "shape", "left", "right", "far")
UNKNOWN = -1


@dataclass(frozen=True)
class Template:
    """One question asked of every token: an attribute of the word ``offset`` tokens away."""

    attribute: str
    offset: int

    @property
    def group(self) -> str:
        """The feature type in the sense of SCL: each has a projection of its own."""
        if self.offset:
            return "far" if abs(self.offset) > 1 else ("left" if self.offset < 0 else "right")
        return {"word": "word", "lower": "word", "shape": "shape", "flags": "shape"}.get(self.attribute, "affix")

    @property
    def name(self) -> str:
        return f"{self.attribute}[{self.offset:+d}]" if self.offset else self.attribute


def _templates() -> tuple[Template, ...]:
    chosen = [Template(p, 0) for p in MIDDLE]
    chosen += [Template(p, side) for side in (-1, 1) for p in NEIGHBOUR]
    chosen += [Template("word", side) for side in (-2, 2)]
    return tuple(sorted(chosen, key=lambda t: GROUPS.index(t.group)))


TEMPLATES = _templates()


class FeatureSpace:
    """Feature ids of words in context.

    Ids are contiguous by group, in the order of :data:`GROUPS`, and within it by template.

    Attributes
    ----------
    values : tuple of dict
        For each template, the feature id of each value that is common enough.
    """

    def __init__(self, values: Sequence[dict[str, int]]) -> None:
        self.values = tuple(values)

    @classmethod
    def fit(cls, text: Text, minimum_count: int = 1) -> FeatureSpace:
        """All features that occur at least ``minimum_count`` times in ``text``."""
        columns = list(zip(*(attributes_of(word) for word in text.types), strict=True))
        values: list[dict[str, int]] = []
        start = 0
        for template in TEMPLATES:
            column = columns[ATTRIBUTES.index(template.attribute)]
            ids: dict[str, int] = {}
            of_type = np.fromiter((ids.setdefault(v, len(ids)) for v in column), dtype=np.int64, count=len(column))
            counts = np.bincount(of_type, weights=text.counts(template.offset), minlength=len(ids))
            kept = [value for value, n in zip(ids, counts, strict=True) if n >= minimum_count]
            values.append({value: start + i for i, value in enumerate(kept)})
            start += len(kept)
        return cls(values)

    def __len__(self) -> int:
        return sum(len(values) for values in self.values)

    def transform(self, text: Text) -> np.ndarray:
        """Feature ids, int32 of shape (tokens, templates); :data:`UNKNOWN` where a value was not kept."""
        columns = list(zip(*(attributes_of(word) for word in text.types), strict=True))
        table = np.empty((len(text), len(TEMPLATES)), dtype=np.int32)
        at = {offset: text.at(offset) for offset in {template.offset for template in TEMPLATES}}
        for t, (template, ids) in enumerate(zip(TEMPLATES, self.values, strict=True)):
            column = columns[ATTRIBUTES.index(template.attribute)]
            of_type = np.fromiter((ids.get(v, UNKNOWN) for v in column), dtype=np.int32, count=len(column))
            table[:, t] = of_type[at[template.offset]]
        return table

    def group_slices(self) -> dict[str, slice]:
        """The range of feature ids of each group."""
        slices: dict[str, slice] = {}
        start = 0
        for template, ids in zip(TEMPLATES, self.values, strict=True):
            begin = slices[template.group].start if template.group in slices else start
            start += len(ids)
            slices[template.group] = slice(begin, start)
        return slices

    def names(self) -> list[str]:
        """A readable name for every feature id, e.g. ``suffix3=ing`` or ``word[-1]=the``."""
        return [f"{t.name}={v}" for t, ids in zip(TEMPLATES, self.values, strict=True) for v in ids]

    def save(self, path: Path) -> None:
        path.write_text(json.dumps([list(ids) for ids in self.values], ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> FeatureSpace:
        values: list[dict[str, int]] = []
        start = 0
        for names in json.loads(path.read_text(encoding="utf-8")):
            values.append({name: start + i for i, name in enumerate(names)})
            start += len(names)
        return cls(values)


def featurise(space: FeatureSpace, sentences: Sentences) -> tuple[np.ndarray, np.ndarray]:
    """Feature ids (tokens, templates) and sentence offsets (sentences + 1)."""
    text = Text(sentences)
    return space.transform(text), text.offsets
