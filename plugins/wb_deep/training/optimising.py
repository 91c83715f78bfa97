"""Optimisers and step sizes of the papers."""

from __future__ import annotations

from typing import Any

import torch

from wb_deep.training.loss import Loss
from wb_deep.training.options import Schedule, Training

MOMENTUM = 0.9


def new_optimiser(training: Training, network: Any, loss: Loss | None = None) -> torch.optim.Optimizer:
    """AdamW (Adam where there is no weight decay), or stochastic gradient descent with a momentum of 0.9.

    The fused forms update all parameters in one pass: a twentieth of a small network's step.
    """
    rate, decay = training.rate, training.decay
    groups = network.parameter_groups(rate)
    own = list(loss.state.parameters()) if loss is not None else []
    if own:
        groups.append({"params": own, "lr": training.loss_rate or rate})
    if training.optimiser == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=MOMENTUM, weight_decay=decay, fused=True)
    return torch.optim.AdamW(groups, lr=rate, weight_decay=decay, fused=True)


def factor(schedule: Schedule, done: float) -> float:
    """What the step size is multiplied by when a share ``done`` of the training is behind.

    "inverse": (1 + 10 p)^−0.75 (Ganin et al. 2016, § 5.2.2; the policy of DAN, JAN, CDAN and DAAN too); "linear": up
    over the first tenth and down to nothing (Devlin et al. 2019); "falling": the same without the way up.
    """
    if schedule == "inverse":
        return (1.0 + 10.0 * done) ** -0.75
    if schedule == "linear":
        return min((done + 1e-3) / 0.1, (1 - done) / 0.9)
    if schedule == "falling":
        return min(1.0, (1 - done) / 0.9)
    return 1.0
