"""From files to examples: inputs, domains, tasks, readers, cards, downloads, and what a name means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.data.cards import Card
    from workbench.data.corpus import Corpus
    from workbench.data.domains import Domain, Predictions, Problem
    from workbench.data.openers import Opener
    from workbench.data.opening import open_corpus
    from workbench.data.readers import Examples, Reader, SourceFile
    from workbench.data.tasks import Task

_PUBLIC = {
    "Card": "cards",
    "Corpus": "corpus",
    "Domain": "domains",
    "Examples": "readers",
    "Opener": "openers",
    "Predictions": "domains",
    "Problem": "domains",
    "Reader": "readers",
    "SourceFile": "readers",
    "Task": "tasks",
    "open_corpus": "opening",
}

__all__ = [
    "Card",
    "Corpus",
    "Domain",
    "Examples",
    "Opener",
    "Predictions",
    "Problem",
    "Reader",
    "SourceFile",
    "Task",
    "open_corpus",
]
__getattr__ = lazily(__name__, _PUBLIC)
