"""Examples without rows of their own as rows: numbered, and a text as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from workbench.data.inputs import Inputs, count, kind_of, select
from workbench.data.rows import Batch, Rows

NUMBER, TEXT = "row", "text"


class ExampleRows(Rows):
    """What a reader read as a whole: a row for each example, numbered from 1.

    ``numbers`` are others, e.g. those of the lines that the examples are from.
    """

    def __init__(self, inputs: Inputs, notices: Sequence[str] = (), numbers: Sequence[int] | None = None) -> None:
        self.inputs, self.notices, self.numbers = inputs, notices, numbers
        self.typed = kind_of(self.inputs) in ("texts", "sentences")
        self.fields = (NUMBER, TEXT) if self.typed else (NUMBER,)

    def batches(self, size: int) -> Iterator[Batch]:
        n = count(self.inputs)
        for start in range(0, n, size):
            part = select(self.inputs, np.arange(start, min(start + size, n)))
            yield Batch(self._rows(part, start), part, [""] * count(part))

    def _rows(self, part: Inputs, start: int) -> list[Mapping[str, Any]]:
        numbers = self.numbers or range(1, count(self.inputs) + 1)
        texts = [example if isinstance(example, str) else " ".join(example) for example in part] if self.typed else []
        if not texts:
            return [{NUMBER: numbers[start + k]} for k in range(count(part))]
        return [{NUMBER: numbers[start + k], TEXT: text} for k, text in enumerate(texts)]
