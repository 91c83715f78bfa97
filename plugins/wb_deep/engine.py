"""One training loop for every deep method: a joint step of source and target, and one loss term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from wb_deep.networks import Network
from wb_deep.terms import Step, Term
from workbench.errors import WbError
from workbench.progress import Progress


@dataclass(frozen=True)
class Training:
    """How a network is trained.

    Attributes
    ----------
    batch_norm : str
        "joint": one pass for both domains, so that batch normalisation sees their mixture; "separate": one for each.
    """

    epochs: int
    batch_size: int
    rate: float
    weight: float
    batch_norm: Literal["joint", "separate"] = "joint"


@dataclass(frozen=True, eq=False)
class Data:
    """Labelled source and unlabelled target as tensors."""

    source: Tensor
    labels: Tensor
    target: Tensor


def batches(n: int, size: int, steps: int, generator: torch.Generator) -> Iterator[Tensor]:
    """``steps`` batches of ``size`` indices below ``n``: shuffled passes, one after another, without a short rest."""
    size = min(size, n)
    order = torch.randperm(n, generator=generator)
    place = 0
    for _ in range(steps):
        if place + size > n:
            order, place = torch.randperm(n, generator=generator), 0
        yield order[place : place + size]
        place += size


def train(
    network: Network, data: Data, training: Training, term: Term | None, seed: int, progress: Progress
) -> list[dict[str, float]]:
    """Train ``network`` in place; returns one row of losses for each epoch.

    An epoch is one pass over the larger domain; the smaller one is shuffled again as often as it runs out. Without
    a term the target is not touched.

    Raises
    ------
    WbError
        When a loss is not a number: names the epoch and the term.
    """
    generators = [torch.Generator().manual_seed(2 * seed + side) for side in (0, 1)]
    longest = len(data.source) if term is None else max(len(data.source), len(data.target))
    steps = max(1, longest // training.batch_size)
    parameters = [*network.parameters(), *(term.parameters() if term is not None else ())]
    optimiser = torch.optim.Adam(parameters, lr=training.rate)
    trace = []
    network.train()
    for epoch in range(training.epochs):
        sums = torch.zeros(2)
        pairs = zip(
            batches(len(data.source), training.batch_size, steps, generators[0]),
            batches(len(data.target), training.batch_size, steps, generators[1]),
            strict=True,
        )
        for number, (i, j) in enumerate(pairs):
            done = (epoch * steps + number) / (training.epochs * steps)
            losses = _step(network, data, i, j, training, term, done)
            total = losses[0] + (training.weight * losses[1] if term is not None else 0.0)
            optimiser.zero_grad(set_to_none=True)
            total.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            sums += losses.detach()
        row = {"cross_entropy": float(sums[0]) / steps}
        if term is not None:
            row |= {"term": float(sums[1]) / steps, **term.end_epoch()}
        _check(row, epoch, term)
        trace.append(row)
        said = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in row.items())
        progress.update((epoch + 1) / training.epochs, f"epoch {epoch + 1} of {training.epochs}, {said}")
    network.eval()
    return trace


def _step(
    network: Network, data: Data, i: Tensor, j: Tensor, training: Training, term: Term | None, done: float
) -> Tensor:
    """The source's cross-entropy and the term, as a tensor of two."""
    labels = data.labels[i]
    if term is None:
        loss = functional.cross_entropy(network(data.source[i]), labels)
        return torch.stack([loss, torch.zeros_like(loss)])
    if training.batch_norm == "joint":
        features = network.features(torch.cat([data.source[i], data.target[j]]))
        source, target = features[: len(i)], features[len(i) :]
    else:
        source, target = network.features(data.source[i]), network.features(data.target[j])
    step = Step(source, target, network.head(source), network.head(target), labels, done)
    return torch.stack([functional.cross_entropy(step.source_logits, labels), term(step)])


def _check(row: dict[str, float], epoch: int, term: Term | None) -> None:
    bad = [name for name, value in row.items() if value != value or abs(value) == float("inf")]
    if bad:
        what = type(term).__name__ if bad[0] == "term" else bad[0].replace("_", " ")
        raise WbError(f"epoch {epoch + 1}: the loss of {what} is not a number; lower --rate or --weight")
