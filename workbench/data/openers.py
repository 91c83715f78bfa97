"""The contract of an opener of whole data sets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from workbench.errors import UsageError
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.data.corpus import Corpus


class Opener(ABC):
    """Opens whole data sets, with splits of their own, where a reader would be given files.

    It is named as a reader is, ``NAME:REFERENCE?setting=value``; what a reference means is the opener's own.
    """

    columns: ClassVar[Mapping[str, str]] = {}
    """The setting that each of the options ``--text``, ``--label`` and ``--id`` gives, by the option's name."""

    class Params(Settings):
        """Settings of the opener."""

    def __init__(self, params: Settings | None = None) -> None:
        self.params: Any = params if params is not None else self.Params()

    @abstractmethod
    def open(self, reference: str, task: str | None) -> Corpus:
        """The data set on this machine; ``task`` decides where it could serve several.

        Raises :class:`WbError` in one line, with the command that brings the data set where there is one.
        """

    def get(self, reference: str) -> str:
        """Bring the data set onto this machine, for ``wb data get``; returns a line that says what came."""
        raise UsageError(f"'{reference}' is nothing to download; give it to --src or --tgt as it is")
