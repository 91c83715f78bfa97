"""The shared representation of two domains' unlabelled text: pivots, their predictors, and the projection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field

from wb_scl import pivots as choosing
from wb_scl import predictors
from wb_scl.pivots import OFFSETS, Pivot
from wb_scl.projection import Projection, decompose, evened
from wb_text.tagging.features import GROUPS, TEMPLATES, FeatureSpace
from wb_text.tagging.words import BOUNDARY, Sentences, Text
from workbench.errors import WbError
from workbench.progress import Progress
from workbench.settings import Settings

COLUMNS = {group: np.array([i for i, t in enumerate(TEMPLATES) if t.group == group]) for group in GROUPS}

VISIBLE = {offset: np.array([i for i, t in enumerate(TEMPLATES) if t.offset != offset]) for offset in OFFSETS}
"""The templates that may be looked at when a pivot at an offset is predicted: the others would give it away."""

SHAPE_SHARE = np.float32(0.5)
"""Scale of the shapes' predictors beside the words' in the decomposition, by the development text."""

MINIMUM_COUNT = 3
"""Features rarer than this in the text are left out where nobody says otherwise."""

PAPER = "Blitzer et al. 2006"


class SharedParams(Settings):
    """Settings of the shared representation."""

    pivots: int | None = Field(
        None, ge=1, le=100_000, description="At most so many pivot words; all above the threshold otherwise."
    )
    pivot_threshold: int | None = Field(
        None,
        ge=0,
        description="Count that a pivot exceeds in both domains; 50 at full size, less for small text.",
        json_schema_extra={"source": PAPER},
    )
    pivot_choice: Literal["frequency", "mutual-information"] = Field(
        "frequency", description="Which words above the threshold come first when --pivots cuts the list."
    )
    dimensions: int | None = Field(
        None,
        ge=1,
        le=1000,
        description="Projected features h for each feature type; by default two thirds of the pivots, 50 to 128.",
        json_schema_extra={"source": PAPER},
    )
    alpha: float = Field(0.5, gt=0, le=100, description="Scale of the projected features, in standard deviations.")
    predictor: Literal["huber", "ridge"] = Field(
        "huber", description="Loss of the pivot predictors: modified Huber, or least squares in closed form."
    )
    predictor_epochs: int = Field(1, ge=1, le=50, description="Passes of the predictors over the unlabelled text.")
    threads: int = Field(1, ge=1, le=64, description="Predictors trained at a time; changes no result.")


@dataclass(frozen=True, eq=False)
class Shared:
    """What :func:`learn` finds.

    Attributes
    ----------
    space : FeatureSpace
    projection : Projection
        From the active features of a token to its projected features.
    pivots : list of Pivot
    right : dict of ndarray
        √S Vᵀ of each feature group, the columns of the pivot words only.
    """

    space: FeatureSpace
    projection: Projection
    pivots: list[Pivot]
    right: dict[str, np.ndarray]


def learn(
    source: Sentences,
    target: Sentences,
    params: SharedParams,
    minimum_count: int = MINIMUM_COUNT,
    seed: int = 0,
    progress: Progress | None = None,
    names: tuple[str, str] = ("source", "target"),
    order: Callable[[list[Pivot]], list[Pivot]] | None = None,
) -> Shared:
    """Pivots, predictors and their decomposition from the unlabelled text of both domains.

    Parameters
    ----------
    minimum_count : int
        Features rarer than this are left out.
    names : tuple of str
        Of the domains, for the error.
    order : callable, optional
        Which pivots come first where ``params.pivots`` cuts the list; the most frequent ones otherwise.

    Raises
    ------
    WbError
        When the domains share no word that is frequent enough.
    """
    progress = progress or Progress()
    text = Text([*source, *target])
    space = FeatureSpace.fit(text, minimum_count)
    ids = space.transform(text)
    parts = Text(source), Text(target)
    threshold = params.pivot_threshold
    if threshold is None:
        threshold = choosing.default_threshold(min(map(len, parts)))
    chosen = _pivots(*parts, threshold, names)
    chosen = (order(chosen) if order is not None else chosen)[: params.pivots]
    places = _pivots_at(text, chosen)
    progress.update(0.1, f"predictors of {len(chosen)} pivot words at {len(OFFSETS)} offsets")
    words_of = _predictors(ids, len(space), places, 1 + len(chosen), params, seed)
    shapes, count = choosing.shape_labels(text, *parts, threshold)
    progress.update(0.6, f"predictors of {count - 1} pivot shapes on {len(shapes)} sides")
    shapes_of = _predictors(ids, len(space), shapes, count, params, seed)
    progress.update(0.8, "decomposing the predictors")
    tables, starts, right = {}, {}, {}
    for group, rows in space.group_slices().items():
        evens = [evened(block[rows]) for block in words_of]
        evens += [SHAPE_SHARE * evened(block[rows]) for block in shapes_of]
        decomposition = decompose(evens, params.dimensions or default_dimensions(len(chosen)))
        tables[group], starts[group] = decomposition.table, rows.start
        right[group] = decomposition.right[:, : len(OFFSETS) * (1 + len(chosen))]
    return Shared(space, Projection(tables, starts, COLUMNS, params.alpha).fit_scales(ids), chosen, right)


def default_dimensions(pivots: int) -> int:
    """h for a number of pivot words: two thirds of them, between 50 and 128."""
    return min(128, max(50, 2 * pivots // 3))


def _pivots_at(text: Text, chosen: list[Pivot]) -> dict[int, np.ndarray]:
    """The pivot word at each of :data:`OFFSETS` from every token; the boundary is pivot 0, −1 stands for none."""
    position = {word: i for i, word in enumerate([BOUNDARY, *(pivot.word for pivot in chosen)])}
    of_type = np.array([position.get(word, -1) for word in text.types], dtype=np.int32)
    return {offset: of_type[text.at(offset)] for offset in OFFSETS}


def _predictors(
    ids: np.ndarray, features: int, labels: dict[int, np.ndarray], pivots: int, params: SharedParams, seed: int
) -> list[np.ndarray]:
    """The pivots' predictors at each place, (features, pivots) each."""
    visible = {place: VISIBLE[place] for place in labels}
    if params.predictor == "huber":
        weights_at = predictors.train_on_tokens(
            ids, features, visible, labels, pivots, params.predictor_epochs, seed, params.threads
        )
    else:
        weights_at = predictors.ridge_on_tokens(ids, features, visible, labels, pivots)
    return [weights_at[place] for place in labels]


def _pivots(source: Text, target: Text, threshold: int, names: tuple[str, str]) -> list[Pivot]:
    """The words that occur often in both; raises :class:`WbError` where there are none."""
    counts = [dict(zip(text.types, text.counts().tolist(), strict=True)) for text in (source, target)]
    pivots = choosing.frequent(counts[0], counts[1], threshold)
    if not pivots:
        raise WbError(
            f"no pivots: no word occurs more than {threshold} times in both '{names[0]}' and '{names[1]}'; "
            "lower --pivot-threshold or give more unlabelled text"
        )
    return pivots
