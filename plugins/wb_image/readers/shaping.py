"""From arrays as files hold them to examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from workbench.data.inputs import concatenate, count
from workbench.data.readers import Examples
from workbench.errors import DataError


def examples_of(
    name: str, features: Any, labels: Any, shape: str = "", columns: bool = False, labelled: bool = True
) -> Examples:
    """Examples from an array of features or images and one of labels; label names are strings.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    shape : str
        ``"16,16"`` makes rows of 256 values images; ``""`` leaves them.
    columns : bool
        Whether each column, not each row, is an example.
    """
    rows = features.T if columns else features
    if shape:
        rows = _images(name, np.asarray(rows), shape)
    if not labelled or labels is None:
        return Examples(rows)
    named = np.ravel(labels)
    if len(named) != rows.shape[0]:
        advice = "; give ?columns=true if each column is an example" if len(named) == rows.shape[-1] else ""
        raise DataError(f"{name}: {rows.shape[0]} examples but {len(named)} labels{advice}")
    return Examples(rows, [label_name(label) for label in named.tolist()])


def joined(parts: Sequence[Examples]) -> Examples:
    """The examples of several files, one after the other; those of a file without labels have None for theirs."""
    inputs = concatenate([part.inputs for part in parts])
    if all(part.labels is None for part in parts):
        return Examples(inputs, why_unlabelled=parts[0].why_unlabelled)
    labels = [[None] * count(part.inputs) if part.labels is None else part.labels for part in parts]
    return Examples(inputs, [label for of_file in labels for label in of_file])


def label_name(label: Any) -> str | None:
    """``1.0`` and ``1`` are one class; a MATLAB cell is what it holds, without the blanks that fill up its text.

    None for an empty text and for NaN: no label.
    """
    if isinstance(label, np.ndarray):
        label = "".join(label.tolist()) if label.dtype.kind == "U" and label.size != 1 else label.item()
    if isinstance(label, str):
        return label.strip() or None
    if label is None or label != label:
        return None
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)


def pick(name: str, arrays: Mapping[str, Any], wanted: str, usual: tuple[str, ...], what: str, advice: str) -> Any:
    """The array of the wanted name, or of the first usual one; raises :class:`DataError` that lists what there is."""
    for candidate in [wanted] if wanted else usual:
        if candidate in arrays:
            return arrays[candidate]
    there = ", ".join(arrays) or "nothing"
    asked = f"'{wanted}'" if wanted else " or ".join(f"'{u}'" for u in usual[:3])
    raise DataError(f"{name}: no {what} {asked} in it, there is: {there}; name it with {advice}")


def pick_labels(arrays: Mapping[str, Any], wanted: str, usual: tuple[str, ...]) -> Any:
    """The array of the labels' wanted name, or of the first usual one; None where there is none."""
    return next((arrays[name] for name in ([wanted] if wanted else usual) if name in arrays), None)


def no_labels(arrays: Mapping[str, Any], wanted: str, usual: tuple[str, ...], what: str, advice: str) -> str:
    """What is told of a file without labels."""
    asked = f"'{wanted}'" if wanted else " or ".join(f"'{name}'" for name in usual[:3])
    return f"no {what} {asked}, there is: {', '.join(arrays) or 'nothing'}; name it with {advice}"


def _images(name: str, rows: np.ndarray, shape: str) -> np.ndarray:
    try:
        sides = tuple(int(side) for side in shape.split(","))
    except ValueError:
        raise DataError(f"shape '{shape}' is not a list of sizes; give e.g. ?shape=16,16") from None
    if int(np.prod(sides)) != rows.shape[1]:
        raise DataError(f"{name}: {rows.shape[1]} values an example do not make images of shape {shape}")
    return rows.reshape(len(rows), *sides)
