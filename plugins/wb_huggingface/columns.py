"""From the typed columns of a table, as ``datasets`` has them, to examples: which columns, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from workbench.data.readers import Examples
from workbench.errors import DataError, UsageError
from workbench.settings import Settings

ADVICE = "choose with --text COLUMN and --label COLUMN"

INPUTS = ("tokens", "words", "form", "image", "img", "text", "sentence", "review", "content", "document", "features")
"""Usual names of the inputs, the surest first."""

LABELS = ("pos_tags", "tags", "upos", "xpos", "ner_tags", "labels", "label", "class", "target", "category", "sentiment")

LARGEST_SIDE = 64
"""Images are brought to the first one's height, but no more than this unless a size is asked for."""


class ColumnSettings(Settings):
    """Which columns are read, and how."""

    input: str = Field(
        "",
        description="Column of the text, tokens, image or vector; several texts or numbers are joined by commas. By "
        "default the first of a usual name and type.",
    )
    label: str = Field("", description="Column of the label, or of the tags of the tokens.")
    size: int = Field(0, ge=0, le=2048, description="Height and width of images; 0: the first one's, at most 64.")
    grey: bool = Field(False, description="Whether images lose their colours.")


def kind_of(feature: Any) -> str:
    """What a column holds: text, number, class, image, words, tags (classes of words), vector, or nothing usable."""
    name = type(feature).__name__
    if name in ("Image", "ClassLabel"):
        return {"Image": "image", "ClassLabel": "class"}[name]
    if name in ("Array2D", "Array3D"):
        return "vector"
    inner = feature[0] if isinstance(feature, list) and feature else getattr(feature, "feature", None)
    if inner is not None:
        return {"text": "words", "class": "tags", "number": "vector"}.get(kind_of(inner), "other")
    kind = str(getattr(feature, "dtype", ""))
    if kind in ("string", "large_string"):
        return "text"
    return "number" if kind.startswith(("int", "uint", "float", "bool")) else "other"


@dataclass(frozen=True)
class Columns:
    """The columns of one data set that are read, and how: ``kind`` is that of the inputs."""

    where: str
    task: str
    kind: str
    inputs: tuple[str, ...]
    label: str
    """Empty where the data set has none that could serve."""
    names: tuple[str, ...]
    """Class names of a label column that holds numbers of classes; empty for any other."""
    settings: ColumnSettings

    @classmethod
    def choose(cls, where: str, features: Mapping[str, Any], settings: ColumnSettings, task: str | None) -> Columns:
        """The columns that are asked for, or those of usual types and names.

        ``task`` decides where a data set could serve several. Raises :class:`UsageError` that lists the columns.
        """
        kinds = {name: kind_of(feature) for name, feature in features.items()}
        inputs = _chosen(where, kinds, settings.input) or _usual_inputs(where, kinds, settings.label, task)
        kind = kinds[inputs[0]]
        if kind == "class":
            kind = "number"
        if any(kinds[name] != kinds[inputs[0]] for name in inputs) or kind not in READ:
            raise UsageError(f"{where}: {', '.join(inputs)} cannot be inputs together; {_listed(kinds)}; {ADVICE}")
        tagging = kind == "words"
        label = settings.label if settings.label in kinds else ""
        label = label if settings.label else _usual_label(kinds, inputs, tagging)
        feature = features.get(label)
        holder = getattr(feature, "feature", feature) if tagging else feature
        names = tuple(getattr(holder, "names", None) or ())
        return cls(where, "tagging" if tagging else "classification", kind, inputs, label, names, settings)

    def read(self, table: Any, labelled: bool) -> Examples:
        """The examples of one split; without ``labelled`` the label column is not even selected.

        Rows without any input are skipped with a notice.
        """
        labelled = labelled and bool(self.label)
        wanted = [*self.inputs, *([self.label] if labelled else [])]
        rows = table.select_columns(wanted)
        inputs, kept = READ[self.kind](self, rows)
        if not kept.any():
            raise DataError(f"{self.where}: no row with anything in {', '.join(self.inputs)}; {ADVICE}")
        dropped = len(kept) - int(kept.sum())
        notices = (f"{self.where}: rows without {self.inputs[0]} were skipped: {dropped}",) if dropped else ()
        labels = self._labels(rows, inputs, kept) if labelled else None
        known = {"input": ",".join(self.inputs)} | ({"label": self.label} if self.label else {})
        return Examples(inputs, labels, notices, columns=known, why_unlabelled=self._why_unlabelled(table))

    def _why_unlabelled(self, table: Any) -> str:
        if self.label:
            return f"nothing stands in '{self.label}', or its labels are withheld; {ADVICE} or ?split=NAME"
        asked = self.settings.label
        lacking = f"no column '{asked}'" if asked else "no column that could be the label"
        return f"{lacking}; its columns: {', '.join(table.column_names)}; {ADVICE}"

    def _labels(self, rows: Any, inputs: Any, kept: np.ndarray) -> list[Any]:
        values = rows.select_columns([self.label])[:][self.label]
        numbers = np.flatnonzero(kept).tolist()
        if self.kind != "words":
            return [self._name(values[i]) for i in numbers]
        tags: list[Any] = []
        for i, words in zip(numbers, inputs, strict=True):
            if not values[i]:
                tags.append(None)
                continue
            if not isinstance(values[i], list) or len(values[i]) != len(words):
                count = len(values[i]) if isinstance(values[i], list) else 0
                raise DataError(f"{self.where}, row {i + 1}: {len(words)} tokens but {count} of '{self.label}'")
            names = [self._name(tag) for tag in values[i]]
            tags.append(None if None in names else names)
        return tags

    def _name(self, label: Any) -> str | None:
        """The class's name; None for no label: numbers of classes that a data set withholds are −1."""
        if label is None or label == "" or label != label or (self.names and label == -1):
            return None
        if self.names:
            return str(self.names[label])
        return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)


def rows_where(where: str, table: Any, condition: str) -> Any:
    """The rows of a table whose column has a value, from ``COLUMN:VALUE``; of classes the value is the name."""
    column, _, value = condition.partition(":")
    if column not in table.features:
        kinds = {name: kind_of(feature) for name, feature in table.features.items()}
        raise UsageError(f"{where}: no column '{column}'; {_listed(kinds)}; choose rows with ?where=COLUMN:VALUE")
    names = getattr(table.features[column], "names", None)
    values = table.select_columns([column])[:][column]
    labels = [names[v] if names and v is not None and v >= 0 else str(v) for v in values]
    rows = [i for i, name in enumerate(labels) if name == value]
    if not rows:
        there = ", ".join(list(dict.fromkeys(labels))[:8])
        raise UsageError(f"{where}: no row with '{value}' in '{column}', there are: {there}")
    return table.select(rows)


def _chosen(where: str, kinds: Mapping[str, str], given: str) -> tuple[str, ...]:
    """The columns of a setting, joined by commas; raises :class:`UsageError` for one that is not there."""
    names = tuple(name.strip() for name in given.split(",") if name.strip())
    for name in names:
        if name not in kinds:
            raise UsageError(f"{where}: no column '{name}'; {_listed(kinds)}; {ADVICE}")
    return names


def _usual_inputs(where: str, kinds: Mapping[str, str], label: str, task: str | None) -> tuple[str, ...]:
    free = {name: kind for name, kind in kinds.items() if name != label and name not in LABELS}
    words = _first(free, ("words",), INPUTS) if task in (None, "tagging") else ""
    if words and (task or label or _usual_label(kinds, (words,), tagging=True)):
        return (words,)
    if task != "tagging":
        for kind in ("image", "text", "vector"):
            named = _first(free, (kind,), INPUTS)
            if named:
                return (named,)
        numbers = tuple(name for name, kind in free.items() if kind == "number")
        if numbers:
            return numbers
    raise UsageError(f"{where}: no column that {task or 'any task'} could take as input; {_listed(kinds)}; {ADVICE}")


def _usual_label(kinds: Mapping[str, str], inputs: Sequence[str], tagging: bool) -> str:
    free = {name: kind for name, kind in kinds.items() if name not in inputs}
    if tagging:
        return _first(free, ("tags",), LABELS) or _first(free, ("words", "vector"), LABELS, usual=True)
    return _first(free, ("class",), LABELS) or _first(free, ("text", "number"), LABELS, usual=True)


def _first(kinds: Mapping[str, str], wanted: Iterable[str], names: Sequence[str], usual: bool = False) -> str:
    """The first column of the wanted kinds: by usual name, else (unless only those may serve) in their order."""
    fitting = [name for name, kind in kinds.items() if kind in tuple(wanted)]
    by_name = [name for usual_name in names for name in fitting if name.lower() == usual_name]
    return next(iter(by_name if usual else [*by_name, *fitting]), "")


def _listed(kinds: Mapping[str, str]) -> str:
    return "its columns: " + ", ".join(f"{name} ({kind})" for name, kind in kinds.items())


def _texts(columns: Columns, rows: Any) -> tuple[list[str], np.ndarray]:
    parts = [rows.select_columns([name])[:][name] for name in columns.inputs]
    joined = [" . ".join(cell.strip() for cell in cells if cell and cell.strip()) for cells in zip(*parts, strict=True)]
    return [text for text in joined if text], np.array([bool(text) for text in joined])


def _words(columns: Columns, rows: Any) -> tuple[list[list[str]], np.ndarray]:
    values = rows.select_columns(list(columns.inputs))[:][columns.inputs[0]]
    return [[str(word) for word in words] for words in values if words], np.array([bool(words) for words in values])


def _vectors(columns: Columns, rows: Any) -> tuple[np.ndarray, np.ndarray]:
    values = rows.select_columns(list(columns.inputs))[:][columns.inputs[0]]
    kept = np.array([value is not None for value in values])
    try:
        matrix = np.array([np.ravel(value) for value in values if value is not None], dtype=np.float64)
    except ValueError:
        raise DataError(f"{columns.where}: vectors of different lengths in '{columns.inputs[0]}'") from None
    return matrix, kept


def _numbers(columns: Columns, rows: Any) -> tuple[np.ndarray, np.ndarray]:
    matrix = np.column_stack([np.array(rows.select_columns([n])[:][n], dtype=np.float64) for n in columns.inputs])
    kept = ~np.any(np.isnan(matrix), axis=1)
    return matrix[kept], kept


def _images(columns: Columns, rows: Any) -> tuple[np.ndarray, np.ndarray]:
    """Decoded one by one; a small array of each is all that is kept."""
    settings = columns.settings
    side = settings.size
    found, kept = [], []
    for row in rows.select_columns(list(columns.inputs)):
        image = row[columns.inputs[0]]
        kept.append(image is not None)
        if image is None:
            continue
        side = side or min(max(image.size), LARGEST_SIDE)
        image = image.convert("L" if settings.grey else "RGB")
        found.append(np.asarray(image if image.size == (side, side) else image.resize((side, side))))
    return (np.stack(found) if found else np.zeros(0)), np.array(kept)


READ: Mapping[str, Callable[[Columns, Any], tuple[Any, np.ndarray]]] = {
    "text": _texts,
    "words": _words,
    "vector": _vectors,
    "number": _numbers,
    "image": _images,
}
"""How inputs of each kind are read: from the rows to the inputs and which rows have any."""
