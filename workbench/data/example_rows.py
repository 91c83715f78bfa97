"""Examples without rows of their own as rows: numbered, and a text as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from workbench.data.inputs import Inputs, concatenate, count, iterate, kind_of, select, shortened
from workbench.data.rows import Batch, Rows
from workbench.errors import WbError

NUMBER, LINE, TEXT = "row", "line", "text"


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


class LineRows(Rows):
    """Lines of text, e.g. of stdin: a row for each example that ``parse`` finds in a line, with the line's number."""

    fields = (LINE, TEXT)

    def __init__(self, lines: Iterable[str], parse: Callable[[str], Inputs]) -> None:
        self.lines, self.parse = lines, parse

    def batches(self, size: int) -> Iterator[Batch]:
        lines = enumerate(self.lines, 1)
        while chunk := list(islice(lines, size)):
            rows: list[Mapping[str, Any]] = []
            errors: list[str] = []
            parts: list[Inputs] = []
            for number, line in chunk:
                examples, error = self._parsed(line.rstrip("\r\n"))
                parts += [examples] if not error else []
                errors += [error] * (1 if error else count(examples))
                texts = [line.rstrip("\r\n")] if error else map(_as_text, iterate(examples))
                rows += [{LINE: number, TEXT: text} for text in texts]
            yield Batch(rows, concatenate(parts) if parts else [], errors)

    def _parsed(self, line: str) -> tuple[Inputs, str]:
        if not line.strip():
            return [], "an empty line"
        try:
            examples = self.parse(line)
        except WbError as error:
            return [], str(error)
        return examples, "" if count(examples) else "nothing to predict in the line"


def _as_text(example: Any) -> str:
    """An example as a person types it."""
    if isinstance(example, list) and example and isinstance(example[0], str):
        return " ".join(example)
    return shortened(example, most=1000)
