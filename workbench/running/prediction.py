"""Predictions beside the rows of a file: every row comes back, in batches, in the order of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from workbench.data.domains import Predictions
from workbench.data.inputs import Inputs
from workbench.data.rows import Batch, Columns, Rows, RowWriter
from workbench.data.tables.opening import TABLES, table_writer
from workbench.errors import UsageError
from workbench.running.predictor import Predictor

BATCH = 1000
"""Rows that are held at once."""

LABEL, CONFIDENCE, ERROR = "label", "confidence", "error"
DIGITS = 4
"""Of confidences and probabilities, as they are written."""

Seen = Callable[[Inputs, Predictions], None]
"""Told of the examples of each batch and what was predicted of them."""


@dataclass
class Prediction:
    """What became of a file's rows."""

    rows: int = 0
    errors: int = 0
    first_error: str = ""
    """The first bad row's number and what is wrong with it."""

    def add(self, batch: Batch) -> None:
        bad = [k for k, error in enumerate(batch.errors) if error]
        if bad and not self.errors:
            self.first_error = f"row {self.rows + bad[0] + 1}: {batch.errors[bad[0]]}"
        self.rows += len(batch)
        self.errors += len(bad)


@dataclass(frozen=True)
class Names:
    """What the further columns are called: no name of the file's own is taken."""

    label: str
    confidence: str
    error: str
    probabilities: tuple[str, ...]
    """One a class; none where they are not asked for."""

    @classmethod
    def free(cls, fields: Sequence[str], classes: Sequence[str]) -> Names:
        taken = set(fields)

        def free(name: str) -> str:
            candidates = [name, f"predicted_{name}", *(f"predicted_{name}_{k}" for k in range(2, len(taken) + 3))]
            chosen = next(candidate for candidate in candidates if candidate not in taken)
            taken.add(chosen)
            return chosen

        label, confidence = free(LABEL), free(CONFIDENCE)
        probabilities = tuple(free(f"probability_{name}") for name in classes)
        return cls(label, confidence, free(ERROR), probabilities)

    @property
    def renamed(self) -> dict[str, str]:
        """The columns whose usual name the file has itself."""
        usual = {LABEL: self.label, CONFIDENCE: self.confidence, ERROR: self.error}
        return {name: chosen for name, chosen in usual.items() if name != chosen}


def form_of(rows: Rows, suffix: str, known: Iterable[str]) -> str:
    """The suffix of the format that predictions are written in: the rows' own, or the table that was asked for.

    Raises :class:`UsageError` for a format, one of the ``known`` suffixes, that these rows cannot be written in.
    """
    if suffix and suffix in (rows.suffix, *TABLES):
        return suffix
    if suffix in known:
        ways = " or ".join(dict.fromkeys([rows.suffix, *TABLES] if rows.suffix else TABLES))
        raise UsageError(f"predictions of these rows cannot be written as '{suffix}'; give a name that ends in {ways}")
    return rows.suffix or TABLES[0]


def predict_rows(
    rows: Rows,
    predictor: Predictor,
    stream: IO[bytes],
    form: str,
    names: Names,
    where: str,
    seen: Sequence[Seen] = (),
) -> Prediction:
    """Write every row with its prediction to ``stream``, in the format of a suffix that :func:`form_of` gave.

    A row that is no example has an error in the place of a prediction. Raises :class:`UsageError` where there is no
    row at all, and where the model cannot take such examples.
    """
    summary = Prediction()
    writer: RowWriter | None = None
    for batch in rows.batches(BATCH):
        columns = _columns(batch, predictor, names, where, seen)
        if writer is None:
            kinds = _kinds(predictor, names)
            own = form == rows.suffix
            writer = rows.writer(stream, kinds) if own else table_writer(form, stream, rows.fields, kinds)
        writer.write(batch, columns)
        summary.add(batch)
    if writer is None:
        raise UsageError(f"nothing to predict: {where} has no rows")
    writer.close()
    return summary


def _kinds(predictor: Predictor, names: Names) -> dict[str, type]:
    """What the cells of each further column hold."""
    label: type = float if predictor.task.label_kind == "real" else str
    number: type = str if predictor.task.label_kind == "sequence" else float
    columns = {names.label: label, names.confidence: number, **dict.fromkeys(names.probabilities, number)}
    return {**columns, names.error: str}


def _columns(batch: Batch, predictor: Predictor, names: Names, where: str, seen: Sequence[Seen]) -> Columns:
    good = batch.good
    empty: list[Any] = [None] * len(batch)
    columns: dict[str, list[Any]] = dict.fromkeys((names.label, names.confidence, *names.probabilities), empty)
    if good.any():
        predictions = predictor.predict(batch.inputs, where)
        for told in seen:
            told(batch.inputs, predictions)
        columns[names.label] = spread(predictor.labels(batch.inputs, predictions), good)
        sure = predictions.confidences()
        if sure is not None:
            columns[names.confidence] = spread((rounded(p.tolist()) for p in sure), good)
        for k, name in enumerate(names.probabilities if predictions.probabilities is not None else ()):
            of_class = (rounded(p[..., k].tolist()) for p in predictions.probabilities)
            columns[name] = spread(of_class, good)
    return {**columns, names.error: [error or None for error in batch.errors]}


def spread(cells: Iterable[Any], good: np.ndarray) -> list[Any]:
    """Cells of the good rows in their places; None for the others."""
    remaining: Iterator[Any] = iter(cells)
    return [next(remaining) if here else None for here in good]


def rounded(value: Any) -> Any:
    """A number, or a list of them, with as many digits as are worth writing."""
    return [round(v, DIGITS) for v in value] if isinstance(value, list) else round(float(value), DIGITS)
