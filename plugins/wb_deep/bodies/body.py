"""What a body is: a kind of network, the settings of its training, and the inputs that it takes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from wb_deep.bodies.model import DeepModel
from workbench.data.domains import Domain, Problem
from workbench.progress import Progress
from workbench.settings import Settings

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.bodies.contract import Preparation
    from workbench.plugins.loading import Host


class EngineParams(Settings):
    """Settings of the training loop, shared by every deep method with its baseline."""

    checkpoint_seconds: float = Field(
        60.0, ge=0, le=1e6, description="How often a long training is saved, to go on after it was cut off; 0: never."
    )
    average: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Without --keep: the share of the training, from its end, whose weights are averaged.",
    )
    keep: str = Field("last", description="The epoch that is kept: last, or a selector's choice, e.g. entropy or bnm.")
    patience: int = Field(0, ge=0, le=10_000, description="With --keep: end after so many epochs without a better one.")
    device: Literal["auto", "cpu"] = Field("auto", description="auto: a GPU where there is one; or the processor.")
    precision: Literal["single", "bf16", "fp16"] = Field("single", description="Of the forward passes.")
    tensorboard: str = Field("", description="Folder for TensorBoard events of the epochs; empty for none.")


BATCH_NORM: Any = Field(
    "joint", description="Whether batch normalisation sees both domains in one batch, or each by itself."
)


class Body(ABC):
    """A kind of network, with the settings of its training; no part of it is of one method.

    Parameters
    ----------
    params : Settings
        Of the method: the body's and perhaps those of a loss.
    host : Host
    """

    model: ClassVar[type[DeepModel]] = DeepModel
    takes: ClassVar[tuple[str, ...]] = ()
    """The kinds of inputs it is for; empty: any."""
    trial: ClassVar[Mapping[str, Any]] = {}
    """Settings for the conformance kit."""
    training: ClassVar[Mapping[str, Any]] = {}
    """What :class:`wb_deep.training.options.Training` is told beside the settings of the same names."""
    target_statistics: ClassVar[bool] = False
    """Whether a network that was adapted ends with batch-norm statistics of the target, which it has seen.

    It always does where the target had batches of its own."""
    staged: ClassVar[bool] = False
    """Whether its network has ``stages``, at any of which a loss can be placed."""

    class Params(EngineParams):
        """Settings of a training on the source alone."""

    class AdaptingParams(EngineParams):
        """Settings of a training with a loss between the domains."""

    def __init__(self, params: Settings, host: Host) -> None:
        self.params: Any = params
        self.host = host

    @abstractmethod
    def prepare(self, source: Domain, problem: Problem, progress: Progress) -> Preparation:
        """What stands between these examples and the network."""

    def penalty(self, network: nn.Module) -> Callable[[], Tensor] | None:
        """A further loss of the parameters alone, or None."""
        return None
