"""One step: a forward pass over both domains, the losses, and the moves of the optimiser that a loss asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_deep.training.devices import Place
from wb_deep.training.loss import Loss, Phase, Step

if TYPE_CHECKING:
    from wb_deep.training.data import Data
    from wb_deep.training.options import Training


Objective = Callable[[Any, Tensor, Tensor], Tensor]
"""The loss of a network on labelled examples."""


def cross_entropy(network: Any, x: Tensor, labels: Tensor) -> Tensor:
    """The cross-entropy of the network's logits."""
    return functional.cross_entropy(network(x), labels)


class Stepper:
    """Takes the steps of one training."""

    def __init__(
        self,
        network: Any,
        data: Data,
        training: Training,
        loss: Loss | None,
        penalty: Callable[[], Tensor] | None,
        objective: Objective,
        place: Place,
        optimiser: Any,
    ) -> None:
        self.network, self.data, self.training, self.loss = network, data, training, loss
        self.penalty, self.objective, self.place, self.optimiser = penalty, objective, place, optimiser
        # Sequences go each domain by itself: together, the shorter batch would be padded to the longer one's length,
        # and a transformer normalises no batches.
        self.joint = training.batch_norm == "joint" and data.source_lengths is None
        head = list(network.head.parameters())
        own = {id(parameter) for parameter in head}
        self.parts: dict[str, list[nn.Parameter]] = {
            "head": head,
            "body": [parameter for parameter in network.parameters() if id(parameter) not in own],
            "loss": list(loss.state.parameters()) if loss is not None else [],
        }

    def step(self, rows: Sequence[Tensor], done: float, rates: list[float]) -> tuple[Tensor, ...]:
        """Move the parameters by the source's examples ``rows[0]`` and, with a loss, the target's ``rows[1]``.

        ``rates`` are the step sizes of the optimiser's groups. Returns the cross-entropy of the first phase and, with
        a loss, what it was in the last.
        """
        if self.loss is None:
            with self.place.precision():
                objective = self.objective(self.network, self._source(rows[0]), self._labels(rows[0]))
            self._move(objective, None, rates)
            return (objective.detach(),)
        first = last = None
        for phase in self.loss.phases(done):
            moved = [p for part in phase.moves for p in self.parts[part] if p.requires_grad]
            scaled = rates if phase.rate == 1.0 else [rate * phase.rate for rate in rates]
            for _ in range(phase.repeats):
                with self.place.precision():
                    supervised, last, total = self._losses(rows, done, phase)
                if moved or not phase.moves:  # all that it moves may be frozen
                    self._move(total, moved or None, scaled)
                first = supervised if first is None else first
        if first is None or last is None:
            raise ValueError(f"{type(self.loss).__name__} has no phases")
        return first.detach(), last.detach()

    def _losses(self, rows: Sequence[Tensor], done: float, phase: Phase) -> tuple[Tensor, Tensor, Tensor]:
        """Cross-entropy, loss between the domains, and what goes down in this phase."""
        step = self._forward(rows[0], rows[1], done)
        supervised = functional.cross_entropy(step.source_logits, step.source_labels)
        adaptation = phase.loss(step)
        total = self.training.weight * adaptation
        return supervised, adaptation, supervised + total if phase.supervised else total

    def _forward(self, i: Tensor, j: Tensor, done: float) -> Step:
        assert self.loss is not None
        labels, network = self._labels(i), self.network
        x, z = self.loss.views(self._source(i), self.place.on_device(self.data.target[j]))
        if self.joint:
            features = network.features(torch.cat([x, z]))
            source, target = features[: len(labels)], features[len(labels) :]
        else:
            source, target = network.features(x), network.features(z)
        return Step(source, target, network.head(source), network.head(target), labels, done, network, x, z)

    def _move(self, total: Tensor, moved: list[nn.Parameter] | None, rates: list[float]) -> None:
        if self.penalty is not None:
            total = total + self.penalty()
        groups = self.optimiser.param_groups
        for group, rate in zip(groups, rates, strict=True):
            group["lr"] = rate
        self.optimiser.zero_grad(set_to_none=True)
        self.place.backward(total, moved)
        if self.training.clip:
            self.place.clip([p for group in groups for p in group["params"]], self.training.clip)
        self.optimiser.step()

    def _source(self, i: Tensor) -> Tensor:
        return self.place.on_device(self.data.source[i])

    def _labels(self, i: Tensor) -> Tensor:
        labels = self.data.labels[i]
        return self.place.on_device(labels[labels >= 0] if labels.ndim == 2 else labels)
