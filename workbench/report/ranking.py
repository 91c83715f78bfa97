"""The ranking of a bench and its cells as terminal, Markdown and CSV tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from workbench.benching.cell_result import CellResult
from workbench.benching.ranking import Gain, Standing, key_of, reference_values
from workbench.report import terminal
from workbench.scoring.scales import Scale

HEADERS = ["method", "mean ± sd", "gain", "p", "over", "over reference", "p", "negative", "cells", "seconds"]
COLUMNS = ("method", "settings", "source", "target", "seed", "metric", "baseline", "adapted", "reference", "verdict")


def ranking_cells(ranking: Sequence[Standing]) -> list[list[str]]:
    """A line for each standing: mean ± sd over the pairs, the gains with what they are over, and their paired p."""
    lines = []
    mixed = len({standing.figure for standing in ranking if standing.figure}) > 1
    for standing in ranking:
        if standing.mean is None or standing.scale is None:
            total = standing.cells + standing.failed
            lines.append(
                [standing.name, *["–"] * 7, f"{standing.cells} of {total}" if standing.failed else str(total), "–"]
            )
            continue
        scale, total = standing.scale, standing.cells + standing.failed
        lines.append(
            [
                f"{standing.name}, {scale.title}" if mixed else standing.name,
                f"{scale.value(standing.mean)} ± {scale.value(standing.sd)}",
                *_tested(scale, standing.gain),
                standing.gain.over if standing.gain is not None else "–",
                *_tested(scale, standing.over_reference),
                str(standing.negative) if standing.role == "method" else "–",
                str(total) if not standing.failed else f"{standing.cells} of {total}",
                "–" if standing.seconds is None else f"{standing.seconds:.1f}",
            ]
        )
    return lines


def _tested(scale: Scale, gain: Gain | None) -> list[str]:
    if gain is None:
        return ["–", "–"]
    return [scale.difference(gain.value), "–" if np.isnan(gain.p) else terminal.p_value(gain.p)]


def title(ranking: Sequence[Standing]) -> str:
    """What the figures of a ranking are."""
    scales = {standing.figure: standing.scale for standing in ranking if standing.scale is not None}
    if not scales:
        return ""
    if len(scales) > 1:
        return " and ".join(scale.title for scale in scales.values())
    (scale,) = scales.values()
    return f"{scale.title}{' in points' if scale.unit == 'share' else ''}{scale.direction}"


def pair_cells(cells: Sequence[CellResult]) -> tuple[list[str], list[list[str]]]:
    """A line for each pair, a column for each method and one for the plain reference: the mean over the seeds."""
    good = [row for row in cells if row.has_figures]
    methods = list(dict.fromkeys(row.name for row in good))
    references = reference_values(good)
    lines = []
    for pair in dict.fromkeys(row.pair for row in good):
        here = [row for row in good if row.pair == pair]
        plain = [references[key_of(row)] for row in here if key_of(row) in references]
        columns = [[row.value.value for row in here if row.name == method] for method in methods]
        scale = here[0].scale
        named = f"{pair} (estimated)" if here[0].is_estimated else pair
        lines.append([named, *(scale.value(float(np.mean(v))) if v else "–" for v in [plain, *columns])])
    return ["pair", "plain reference", *methods], lines


def markdown(headers: list[str], lines: list[list[str]]) -> str:
    rule = ["---", *("--:" for _ in headers[1:])]
    return "".join(f"| {' | '.join(line)} |\n" for line in [headers, rule, *lines])


def as_csv(cells: Sequence[CellResult]) -> str:
    """One line for each cell."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([*COLUMNS, "seconds", "error"])
    for row in cells:
        settings = " ".join(f"{name}={value}" for name, value in row.settings.items())
        asked = [row.method, settings, row.source, row.target, row.seed]
        if row.error is not None:
            writer.writerow([*asked, *[""] * 6, row.error])
            continue
        if not row.has_figures:
            writer.writerow([*asked, *[""] * 4, row.verdict, f"{row.seconds:.2f}", ""])
            continue
        reference = row.reference.scores[row.primary].value if row.reference is not None else ""
        baseline = row.before.value if row.before is not None else ""
        figures = [row.primary, baseline, row.value.value, reference]
        writer.writerow([*asked, *figures, row.verdict, f"{row.seconds:.2f}", ""])
    return stream.getvalue()
