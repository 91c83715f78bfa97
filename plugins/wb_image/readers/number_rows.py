"""The rows of tables of numbers, for predictions beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.data.tables.parsing import Row, RowParser
from workbench.errors import DataError


class NumberRows(RowParser):
    """A row is an example where every feature is a finite number."""

    def __init__(self, features: Sequence[str], others: Sequence[str]) -> None:
        self.features, self.others = list(features), others
        """The features, or none for all columns but the others."""

    def choose(self, fields: Sequence[str], first: Sequence[Row], name: str) -> None:
        missing = [feature for feature in self.features if feature not in fields]
        if missing:
            raise DataError(f"{name}: no column '{missing[0]}', which the model takes; there are: {', '.join(fields)}")
        self.features = self.features or [field for field in fields if field not in self.others]

    def error_of(self, row: Row) -> str:
        for feature in self.features:
            try:
                finite = np.isfinite(float(row[feature]))
            except (TypeError, ValueError, KeyError):
                return f"'{row.get(feature)}' in column '{feature}' is no number"
            if not finite:
                return f"'{row[feature]}' in column '{feature}' is no finite number"
        return ""

    def inputs_of(self, rows: Sequence[Row]) -> np.ndarray:
        values = [[float(row[feature]) for feature in self.features] for row in rows]
        return np.array(values, dtype=np.float64).reshape(len(rows), len(self.features))
