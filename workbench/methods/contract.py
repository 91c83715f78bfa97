"""The contract of methods and of the models that they fit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from workbench.data.domains import Predictions, Problem
from workbench.data.inputs import Inputs, kind_in_words, kind_of
from workbench.errors import UsageError
from workbench.progress import Progress
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

Params = Settings


class Model(ABC):
    """What fitting gives: predicts on new examples, and lives in a folder of plain files."""

    classes: tuple[str, ...] = ()
    """The names of the classes that it predicts, as its predictions number them; none where labels are real."""

    notes: Mapping[str, Any] = {}
    """JSON values that the record keeps and shows, e.g. ``{"pivots": 579}``."""

    resolved: Mapping[str, str] = {}
    """What each setting that was left to choose itself came to, e.g. ``{"scaling": "frequencies"}``."""

    warnings: tuple[str, ...] = ()
    """What the user must know of this fit, one sentence each; recorded and shown."""

    @abstractmethod
    def predict(self, inputs: Inputs) -> Predictions:
        """Predictions for new examples, in their order."""

    def predict_source(self, inputs: Inputs) -> Predictions:
        """Predictions for new examples of the *source*, in their order: what held-out source examples are judged by.

        A model that scales or moves the domains apart overrides it. One that was loaded may have kept the target's way
        alone, and takes the same for both, as the default does.
        """
        return self.predict(inputs)

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write the model into the existing empty ``folder``: npz, JSON, safetensors or skops, never pickle."""

    @classmethod
    @abstractmethod
    def load(cls, folder: Path, host: Host) -> Self:
        """The model that :meth:`save` wrote; predicts exactly the same.

        What the folder names, e.g. a featurizer, is looked up in the registries of ``host``; nothing else is imported.
        """


class Method(ABC):
    """A way to adapt: settings in, a fitted model out.

    Subclasses set :attr:`model`, nest a ``Params`` whose every field has a description, bounds and the paper's
    default, and implement :meth:`fit`. All randomness comes from ``problem.seed``.
    """

    model: ClassVar[type[Model]]

    needs_shots: ClassVar[bool] = False
    """Whether the method cannot work without a few labelled target examples (``--shots``)."""

    takes: ClassVar[tuple[str, ...]] = ()
    """The kinds of inputs it is for, as ``workbench.data.inputs.kind_of`` names them; empty: any."""

    several_sources: ClassVar[str] = "pooled into one source"
    """What becomes of several source domains, for ``wb methods NAME``."""

    shared: ClassVar[tuple[str, ...]] = ()
    """Settings that its baseline takes over even where nobody gave them: what makes it the same learner."""

    stochastic: ClassVar[bool] = False
    """Whether another seed trains another model on the same data, so that one training says little."""

    trial: ClassVar[Mapping[str, Any]] = {}
    """Settings for the conformance kit, where a fit with the defaults would take minutes."""

    class Params(Settings):
        """No settings."""

    def __init__(self, params: Settings | None = None, host: Host | None = None) -> None:
        self.params: Any = params if params is not None else self.Params()
        self._host = host

    @property
    def host(self) -> Host:
        """The plugins, for a method that builds on others (a featurizer, a classifier, another method)."""
        if self._host is None:
            from workbench.plugins.loading import load

            self._host = load()
        return self._host

    def check_inputs(self, problem: Problem) -> None:
        """Raises :class:`UsageError` where a domain holds inputs of a kind that is not in :attr:`takes`."""
        for domain in (*problem.sources, problem.target):
            kind = kind_of(domain.inputs)
            if self.takes and kind not in self.takes:
                taken = " or ".join(map(kind_in_words, self.takes))
                raise UsageError(
                    f"this method takes {taken}, but '{domain.name}' holds {kind_in_words(kind)}; "
                    "see 'wb methods' for others"
                )

    def settled(self, problem: Problem) -> dict[str, Any]:
        """Every setting, where ``auto`` is what it comes to on this problem as far as that is known before a fit."""
        return self.params.model_dump()

    def baseline_settings(self, baseline: type[Method], problem: Problem) -> dict[str, Any]:
        """What a baseline takes over: the settings that both have, with every ``auto`` that this method decides."""
        return self.params.shared_with(baseline.Params, self.shared)

    @abstractmethod
    def fit(self, problem: Problem, progress: Progress) -> Model:
        """Learn from the labelled source and the unlabelled target of ``problem``."""
