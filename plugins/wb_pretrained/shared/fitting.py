"""A pretrained body, layer by layer, and a new head: what is trained, and how fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from workbench.errors import UsageError

HEAD = 20.0
"""The head is new and learns so many times faster than the pretrained layers."""


@dataclass(frozen=True)
class Fitting:
    """How much of a pretrained body is trained.

    Attributes
    ----------
    freeze : str
        What stays as it is: "none", "embeddings", "all-but-head", or how many of the lowest layers.
    layer_decay : float
        The step size of each layer over that of the layer above it (Howard & Ruder, ACL 2018, § 3.2).
    gradual : bool
        Whether one more layer, from the top, is set free with each epoch (ibid. § 3.3).
    adapters : int
        Rank of low-rank adapters that are trained in the layers' place; 0 for none.
    """

    freeze: str = "none"
    layer_decay: float = 1.0
    gradual: bool = False
    adapters: int = 0

    def depth(self, layers: int, embeddings: bool = False) -> int:
        """How many of the lowest layers stay as they are; −1 for none, not even the embeddings, where there are any.

        Raises :class:`UsageError` for another word, or more layers than there are.
        """
        known = {"none": -1, **({"embeddings": 0} if embeddings else {}), "all-but-head": layers}
        depth = known.get(self.freeze, int(self.freeze) if self.freeze.isdigit() else -2)
        if not -1 <= depth <= layers:
            words = ", ".join(known)
            raise UsageError(f"--freeze {self.freeze}: give {words}, or how many of the {layers} layers")
        return depth


class Layered(nn.Module):
    """Base of networks with a pretrained body and a linear head; trained by ``wb_deep.training.engine``.

    Subclasses give ``body``, ``layers``, ``depth`` and ``features``.

    Parameters
    ----------
    classes, width : int
        Of the head.
    freeze : int
        How many of the lowest layers stay as they are; −1 for none, not even what has depth 0.
    layer_decay, gradual
        See :class:`Fitting`.
    """

    def __init__(self, classes: int, width: int, freeze: int, layer_decay: float, gradual: bool) -> None:
        super().__init__()
        self.classes, self.width = classes, width
        self.freeze, self.layer_decay, self.gradual = freeze, layer_decay, gradual
        self.lowest = 0
        self.head = nn.Linear(width, classes)

    @property
    def body(self) -> nn.Module:
        """The pretrained part."""
        raise NotImplementedError

    @property
    def layers(self) -> int:
        """How many layers the body has."""
        raise NotImplementedError

    def depth(self, name: str) -> int:
        """The layer, from 1 on, that a parameter of the body belongs to; 0 for what lies below all layers."""
        raise NotImplementedError

    def features(self, x: Tensor) -> Tensor:
        """Features (outputs, width)."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Logits (outputs, classes)."""
        out: Tensor = self.head(self.features(x))
        return out

    def candidates(self) -> Iterator[tuple[str, nn.Parameter]]:
        """The parameters of the body, with their names, that may be trained at all."""
        return self.body.named_parameters()

    def trained(self) -> list[tuple[int, nn.Parameter]]:
        """The parameters of the body that are ever trained, and their depths."""
        by_depth = [(self.depth(name), parameter) for name, parameter in self.candidates()]
        return [(depth, parameter) for depth, parameter in by_depth if depth > self.freeze]

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        """The head, and each depth that is ever trained with a step size of its own."""
        groups: list[dict[str, Any]] = [{"params": list(self.head.parameters()), "lr": HEAD * rate}]
        trained = self.trained()
        for depth in sorted({depth for depth, _ in trained}, reverse=True):
            chosen = [parameter for own, parameter in trained if own == depth]
            groups.append({"params": chosen, "lr": rate * self.layer_decay ** (self.layers - depth)})
        return groups

    def begin_epoch(self, epoch: int) -> None:
        self.lowest = max(self.freeze + 1, self.layers - epoch) if self.gradual else self.freeze + 1
        for name, parameter in self.candidates():
            parameter.requires_grad_(self.depth(name) >= self.lowest)


def distance_penalty(network: Layered, strength: float) -> Callable[[], Tensor]:
    """L2-SP: half of strength · squared distance of the layers from where they began (Li et al., ICML 2018, eq. 2)."""
    pairs = [(parameter, parameter.detach().clone()) for _, parameter in network.trained()]

    def penalty() -> Tensor:
        if not pairs:
            return torch.zeros(())
        return strength / 2 * torch.stack([((p - start) ** 2).sum() for p, start in pairs]).sum()

    return penalty
