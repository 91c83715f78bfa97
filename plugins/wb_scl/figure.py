"""The picture of one shared dimension: words of both domains along it (the paper's figure 3)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import WbError
from workbench.plugins.loading import Host
from workbench.report.figure import Figure
from workbench.running import records
from workbench.running.records import Record

if TYPE_CHECKING:
    from wb_scl.encoder import SharedEncoder

SHOWN = 9
"""Words at each end, for each domain."""

MOST_DIMENSIONS = 10


class SharedDimension(Figure):
    """Source words above, target words below, at both ends of the dimension that separates nouns best.

    Words come from the labelled source and from the target's unlabelled text; the dimension is the one among the
    leading ten on which the two ends differ most in the source's tags.
    """

    def draw(self, record: Record, path: Path, host: Host) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas

        if record.run["task"] != "tagging":
            raise WbError("the shared dimension is drawn for tagging runs only")
        source, target, dimension = words_along(record)
        canvas = Canvas(figsize=(9, 6), layout="constrained")
        FigureCanvasAgg(canvas)
        axes = canvas.add_subplot()
        for words, sign, colour, name in ((source, 1, "#0969da", "source"), (target, -1, "#bc4c00", "target")):
            for rank, (word, value) in enumerate(words):
                height = sign * (1 + rank % SHOWN)
                axes.plot([value, value], [0, height], color=colour, alpha=0.25, linewidth=0.8)
                axes.text(value, height, word, color=colour, ha="center", va="center", fontsize=9)
            axes.plot([], [], color=colour, label=f"{name}: {record.run[name]['name']}")
        axes.axhline(0, color="black", linewidth=0.8)
        axes.margins(x=0.12)
        axes.set_ylim(-SHOWN - 1.5, SHOWN + 1.5)
        axes.set_yticks([])
        axes.set_xlabel(f"projected dimension {dimension + 1} of the word features")
        axes.legend(loc="upper center", ncols=2, frameon=False)
        canvas.savefig(path, dpi=150)


def words_along(record: Record) -> tuple[list[tuple[str, float]], list[tuple[str, float]], int]:
    """The words at both ends of the chosen dimension: of the source, of the target, and the dimension."""
    from wb_scl.encoder import SharedEncoder

    encoder = SharedEncoder.load(record.folder / records.MODEL)
    lexicon, counts = encoder.inspection.lexicon, encoder.inspection.target_counts
    source = [w for w, (n, _) in lexicon.items() if n >= 2 and w.isalpha() and len(w) > 2]
    target = [w for w, n in counts.items() if n >= 3 and w.isalpha() and len(w) > 2 and w not in lexicon]
    if len(source) < 2 * SHOWN or len(target) < 2 * SHOWN:
        raise WbError("too few words for the picture; the run needs more text")
    at_source, at_target = _coordinates(encoder, source), _coordinates(encoder, target)
    nouns = np.array([lexicon[w][1].startswith("NN") for w in source])
    dimension = int(np.argmax([_contrast(at_source[:, d], nouns) for d in range(at_source.shape[1])]))
    return _ends(source, at_source[:, dimension]), _ends(target, at_target[:, dimension]), dimension


def _coordinates(encoder: SharedEncoder, words: list[str]) -> np.ndarray:
    """The words' own row in the table of word features, leading dimensions only."""
    space, projection = encoder.space, encoder.projection
    table, start = projection.tables["word"], projection.starts["word"]
    values = next(values for values in space.values if values and min(values.values()) == start)
    rows = [values.get(word, -1) for word in words]
    coordinates = np.zeros((len(words), min(MOST_DIMENSIONS, table.shape[1])))
    for i, row in enumerate(rows):
        if row >= 0:
            coordinates[i] = table[row - start][: coordinates.shape[1]]
    return coordinates


def _contrast(values: np.ndarray, nouns: np.ndarray) -> float:
    """How differently nouns fill the two ends of a dimension."""
    order = np.argsort(values)
    k = max(SHOWN, len(order) // 10)
    return abs(float(nouns[order[:k]].mean() - nouns[order[-k:]].mean()))


def _ends(words: list[str], values: np.ndarray) -> list[tuple[str, float]]:
    order = np.argsort(values, kind="stable")
    chosen = [*order[:SHOWN].tolist(), *order[-SHOWN:].tolist()]
    return [(words[i], float(values[i])) for i in chosen]
