"""What stands between examples and a network: inputs to tensors, and the network that takes them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from torch import Tensor, nn

from wb_deep.training.data import Data
from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs

if TYPE_CHECKING:
    from workbench.plugins.loading import Host


class Preparation(ABC):
    """How examples of one kind become tensors."""

    name: ClassVar[str]
    """What a saved model calls it; in the table of the model's class."""

    @abstractmethod
    def data(self, source: Domain, target: Domain) -> Data:
        """Both domains for the engine. Raises :class:`UsageError` where they do not fit together."""

    @abstractmethod
    def network(self, classes: int) -> nn.Module:
        """An untrained network for such tensors."""

    @abstractmethod
    def predict(self, network: Any, inputs: Inputs, classes: tuple[str, ...]) -> Predictions:
        """Predictions for new examples, in their order."""

    def predict_source(self, network: Any, inputs: Inputs, classes: tuple[str, ...]) -> Predictions:
        """The same for examples of the source, where they are prepared otherwise."""
        return self.predict(network, inputs, classes)

    @abstractmethod
    def save(self, network: Any, folder: Path) -> None: ...

    @classmethod
    @abstractmethod
    def load(cls, folder: Path, classes: int, host: Host) -> tuple[Self, nn.Module]: ...

    @property
    def picture(self) -> tuple[int, int, int] | None:
        """(channels, height, width) of what the network sees, where that is a picture; else None."""
        return None

    def seen(self, pictures: Tensor) -> Tensor:
        """Pictures (n, channels, height, width) in 0 … 1 as the network is given them; only where there are any."""
        return pictures


class Trainable(Protocol):
    """What the engine asks of a network, beside its being an ``nn.Module``."""

    head: nn.Module

    def features(self, x: Tensor) -> Tensor:
        """Features (n, width): one row for each example, or for each word of the examples."""

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        """Groups for the optimiser, each with its ``lr``."""

    def begin_epoch(self, epoch: int) -> None:
        """Called before each epoch; a network may set free more of itself."""
