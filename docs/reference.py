"""Write the parts of the documentation that come from the models: ``python docs/reference.py``.

Each stands in its page between two comments; a test compares them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workbench.data import cards

FOLDER = Path(__file__).parent
BEGIN, END = "<!-- from the models, by docs/reference.py -->\n", "<!-- end -->"

PAGES: dict[str, Callable[[], str]] = {"cards.md": cards.reference}


def written(page: str) -> str:
    """The page with its generated part as the models are now."""
    text = (FOLDER / page).read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{PAGES[page]()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    for name in PAGES:
        (FOLDER / name).write_text(written(name), encoding="utf-8")
