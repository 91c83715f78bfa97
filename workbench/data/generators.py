"""The contract of a generator: a data set that is made in the computer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.data.corpus import Corpus

SEED = "seed"
"""The setting that a run's seed is given to."""


class Generator(ABC):
    """Makes a data set, or the domains of a collection. Subclasses nest ``Params`` and implement :meth:`make`.

    A generator that draws by chance has a setting ``seed`` with the default 0 and draws from it alone. It is the run's
    seed, unless the name of the data set gives another: ``shift/covariate-source?seed=3``.
    """

    class Params(Settings):
        """Settings of the generator; every one can be given as ``NAME?setting=value``."""

    def __init__(self, params: Settings | None = None) -> None:
        self.params: Any = params if params is not None else self.Params()

    @classmethod
    def of(cls, name: str, settings: Mapping[str, str], seed: int = 0) -> Self:
        """The generator with the settings of a data set's name; raises :class:`UsageError` for those it has not."""
        given = {SEED: seed} if SEED in cls.Params.model_fields else {}
        return cls(cls.Params.parse({**given, **settings}, where=name))

    @abstractmethod
    def make(self, domain: str) -> Corpus:
        """The corpus; ``domain`` is its name within the collection, empty where the generator makes no collection."""
