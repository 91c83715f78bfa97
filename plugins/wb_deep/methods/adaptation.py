"""A deep method is its loss: what is added to the source's cross-entropy, over any body."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from wb_deep.bodies.body import Body
from wb_deep.bodies.small import SmallNetwork
from wb_deep.methods import fields
from wb_deep.methods.base import DeepMethod
from wb_deep.methods.composing import combined
from workbench.settings import Settings

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.training.loss import Phase, Step
    from wb_deep.training.options import Training


class LossParams(Settings):
    """Settings of a loss. Those of the body that it is over come before them."""

    weight: float = fields.weight(1.0)


class Adaptation(DeepMethod):
    """Base of methods with a loss between the domains; what the engine asks of it is :class:`training.loss.Loss`.

    A subclass writes :meth:`loss` and the settings of it as a nested ``Params``, which becomes the class of all
    settings, the body's among them. :func:`over` puts another body under the same loss.
    """

    body: ClassVar[type[Body]] = SmallNetwork
    defaults: ClassVar[Mapping[str, Any]] = {}
    """Other defaults of the body's settings, and of the loss's, for this loss over this body."""
    loss_settings: ClassVar[type[Settings]] = LossParams

    state: Any
    """What the loss trains and keeps from step to step; new for each fit."""

    def __init_subclass__(cls, **more: Any) -> None:
        if "Params" in cls.__dict__:
            cls.loss_settings = cls.__dict__["Params"]
        super().__init_subclass__(**more)

    @classmethod
    def settings(cls) -> type[Settings]:
        return combined(cls.body.AdaptingParams, cls.loss_settings, cls.defaults)

    def loss(self, step: Step) -> Tensor:
        """The loss of one step, a scalar; its weight comes on top."""
        raise NotImplementedError

    def new_state(self, network: Any, classes: int) -> nn.Module:
        """What the loss trains and keeps, for a ``network`` whose features have ``network.width`` columns."""
        from wb_deep.losses.state import State

        return State()

    def phases(self, progress: float) -> Sequence[Phase]:
        """The moves of the optimiser that make up one step; one, of everything, unless a method says otherwise."""
        from wb_deep.training.loss import Phase

        return (Phase(self.loss),)

    def views(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """The inputs as the network shall see them, e.g. augmented; the target may be given several times over."""
        return source, target

    def after_epoch(self) -> dict[str, float]:
        """What the record traces of the epoch, beside the losses."""
        return {}

    def _loss(self, network: Any, classes: int) -> Adaptation:
        self.state = self.new_state(network, classes)
        return self

    def _ends_with_target_statistics(self) -> bool:
        separate = getattr(self.params, "batch_norm", "joint") == "separate"
        return self.target_statistics or self.body.target_statistics or separate

    def _training(self) -> Training:
        training = super()._training()
        return replace(training, loss_rate=getattr(self.params, "discriminator_rate", training.loss_rate))


def over(method: type[Adaptation], body: type[Body], defaults: Mapping[str, Any] | None = None) -> type[Adaptation]:
    """The same method with another ``body`` under its loss, and the ``defaults`` that this body wants.

    The documentation of the new class names them.
    """
    about = {"body": body, "defaults": defaults or {}, "__doc__": method.__doc__, "__module__": method.__module__}
    if defaults:
        named = ", ".join(f"{name} {value}" for name, value in defaults.items())
        about["__doc__"] = f"{inspect.getdoc(method)}\n\nOver this body other defaults hold: {named}."
    return type(method.__name__, (method,), about)
