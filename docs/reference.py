"""Write the parts of the documentation that come from the models: ``python docs/reference.py``.

Each stands in its page between two comments; a test compares them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workbench.data import cards
from workbench.running import outcome
from workbench.settings import described

FOLDER = Path(__file__).parent
BEGIN, END = "<!-- from the models, by docs/reference.py -->\n", "<!-- end -->"

ELSEWHERE = ("comparison", "spread", "record", "seeds", "runs")
"""Fields of an outcome that a record writes in other words, or not at all."""


def records() -> str:
    """Every key of a record's files that comes from the outcome of its run."""
    parts = (
        outcome.Outcome,
        outcome.DomainSummary,
        outcome.PluginVersion,
        outcome.Temperature,
        outcome.Estimates,
        outcome.Reference,
        outcome.Changes,
    )
    lines: list[str] = []
    for part in parts:
        heading = "Of a run" if part is outcome.Outcome else f"{part.__name__}"
        lines += [f"### {heading}", "", str(part.__doc__).splitlines()[0], ""]
        lines += ["| key | holds | meaning |", "| --- | --- | --- |"]
        keys = [key for key in described(part) if part is not outcome.Outcome or key.name not in ELSEWHERE]
        lines += [f"| `{key.name}` | {key.takes} | {key.description} |" for key in keys]
        lines.append("")
    return "\n".join(lines)


PAGES: dict[str, Callable[[], str]] = {"cards.md": cards.reference, "records.md": records}


def written(page: str) -> str:
    """The page with its generated part as the models are now."""
    text = (FOLDER / page).read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{PAGES[page]()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    for name in PAGES:
        (FOLDER / name).write_text(written(name), encoding="utf-8")
