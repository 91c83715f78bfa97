"""How a network is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wb_deep.training.devices import Device, Precision

Optimiser = Literal["adam", "sgd"]

Schedule = Literal["constant", "inverse", "linear", "falling"]


@dataclass(frozen=True)
class Training:
    """How a network is trained.

    Attributes
    ----------
    steps : int
        Of an epoch; 0: one pass over the larger domain.
    weight : float
        Of the loss beside the cross-entropy.
    batch_norm : str
        "joint": one pass for both domains, so that batch normalisation sees their mixture; "separate": one for each,
        as sequences always have.
    decay : float
        Weight decay, decoupled from the loss for Adam (AdamW).
    schedule : str
        Of the step size, see :func:`wb_deep.training.optimising.factor`.
    clip : float
        The largest norm of the gradient; 0 for no bound.
    loss_rate : float
        Step size of the loss's own parameters; 0 for ``rate``.
    device, precision : str
        See :func:`wb_deep.training.devices.place_for`.
    """

    epochs: int
    batch_size: int
    rate: float
    steps: int = 0
    weight: float = 0.0
    batch_norm: Literal["joint", "separate"] = "joint"
    decay: float = 0.0
    schedule: Schedule = "constant"
    clip: float = 0.0
    loss_rate: float = 0.0
    optimiser: Optimiser = "adam"
    device: Device = "auto"
    precision: Precision = "single"
