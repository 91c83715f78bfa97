"""The bank as races: what was tried on each pair, beside its plain reference, and what is known without labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import pairs
from contestants import CONTESTANTS, LOGREG
from portfolio import Race, Tried
from rows import Row

from workbench.scoring.comparing import Difference, Estimate

Compared = Callable[[Row, Row], Difference | None]
"""The estimated difference of a baseline and an adapted run, None where it cannot be told."""

Estimated = Callable[[Row], Estimate | None]


def title_of(row: Row) -> str:
    """The method, its settings and its features: the same on every pair of a situation."""
    settings = settings_of(row)
    given = ", ".join(f"{name}={value}" for name, value in settings.items())
    return f"{row.about.method} ({given})" if given else row.about.method


def settings_of(row: Row) -> dict[str, object]:
    """The settings as ``wb auto`` gives them: with the features, where those were made before.

    What ``auto`` means for the features of texts is left out.
    """
    collection = pairs.collection(row.about.collection)
    given = {"features": collection.features} if collection.features else {}
    usual = LOGREG.items() if collection.situation == "texts" else ()
    return {**given, **{name: value for name, value in row.about.settings.items() if (name, value) not in usual}}


def races_of(rows: Sequence[Row], estimated: Estimated, compared: Compared) -> list[Race]:
    """A race for each pair whose plain reference is in the bank."""
    of_pairs: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        of_pairs[row.about.collection, row.folder].append(row)
    races = []
    for (name, _), tried in of_pairs.items():
        plain = CONTESTANTS[pairs.collection(name).contestants][0]
        reference = next(
            (r for r in tried if (r.about.method, r.about.settings) == (plain.method, plain.settings)), None
        )
        if reference is not None:
            races.append(_race(reference, [row for row in tried if row is not reference], estimated, compared))
    return races


def _race(reference: Row, others: Sequence[Row], estimated: Estimated, compared: Compared) -> Race:
    def tried(row: Row) -> Tried:
        difference = compared(reference, row) if row is not reference else None
        about = row.about
        return Tried(
            title_of(row),
            about.method,
            settings_of(row),
            row.truth,
            about.seconds,
            estimated(row),
            difference,
            about.selectors,
        )

    situation = pairs.collection(reference.about.collection).situation
    return Race(
        reference.group, situation, reference.pair, tried(reference), tuple(map(tried, others)), reference.examples
    )
