"""One training loop for every deep method: a joint step of source and target, and one loss term."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_deep.batching import batches
from wb_deep.checkpoints import Checkpoint
from wb_deep.terms import Step, Term
from workbench.errors import WbError
from workbench.progress import Progress

TOLD = 0.5
"""Seconds between two words on the progress."""


class Trainable(Protocol):
    """What the engine asks of a network, beside its being an ``nn.Module``."""

    head: nn.Module

    def features(self, x: Tensor) -> Tensor:
        """Features (n, width): one row for each example, or for each word of the examples."""

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        """Groups for the optimiser, each with its ``lr``."""

    def begin_epoch(self, epoch: int) -> None:
        """Called before each epoch; a network may set free more of itself."""


@dataclass(frozen=True)
class Training:
    """How a network is trained.

    Attributes
    ----------
    weight : float
        Of the loss term beside the cross-entropy.
    batch_norm : str
        "joint": one pass for both domains, so that batch normalisation sees their mixture; "separate": one for each.
    decay : float
        Weight decay, decoupled from the loss (AdamW).
    schedule : str
        The step size: "constant", or "linear": up over the first tenth and down to nothing.
    clip : float
        The largest norm of the gradient; 0 for no bound.
    term_rate : float
        Step size of the term's own parameters; 0 for ``rate``.
    """

    epochs: int
    batch_size: int
    rate: float
    weight: float = 0.0
    batch_norm: Literal["joint", "separate"] = "joint"
    decay: float = 0.0
    schedule: Literal["constant", "linear"] = "constant"
    clip: float = 0.0
    term_rate: float = 0.0


@dataclass(frozen=True, eq=False)
class Data:
    """Labelled source and unlabelled target as tensors; lengths where examples are sequences.

    Attributes
    ----------
    labels : Tensor of int64, shape (n,) or (n, length)
        For sequences, −1 at places that have no label.
    """

    source: Tensor
    labels: Tensor
    target: Tensor
    source_lengths: Tensor | None = None
    target_lengths: Tensor | None = None


def train(
    network: Any,
    data: Data,
    training: Training,
    term: Term | None,
    seed: int,
    progress: Progress,
    checkpoint: Checkpoint | None = None,
    penalty: Callable[[], Tensor] | None = None,
    judge: Callable[[], float] | None = None,
) -> list[dict[str, float]]:
    """Train ``network`` (:class:`Trainable`) in place; returns one row of losses for each epoch.

    An epoch is one pass over the larger domain; the smaller one is shuffled again as often as it runs out. Without
    a term the target is not touched. With a checkpoint, a training that was killed goes on from its last state and
    ends in the same network. With a ``judge``, which scores the network as it is, the epoch that it likes best is kept;
    otherwise the last.

    Raises
    ------
    WbError
        When a loss is not a number: names the step and the term.
    """
    longest = len(data.source) if term is None else max(len(data.source), len(data.target))
    steps = max(1, longest // training.batch_size)
    optimiser = _optimiser(network, term, training)
    rates = [group["lr"] for group in optimiser.param_groups]
    modules: dict[str, nn.Module] = {"network": network, **({"term": term} if term is not None else {})}
    counters: dict[str, Any] = {"step": 0, "sums": [0.0, 0.0], "trace": []}
    kept: dict[str, Tensor] = {}
    found = checkpoint.restore(modules, optimiser) if checkpoint is not None else None
    if found is not None:
        counters, kept = found
        if term is not None:
            term.restore(counters["term"])
        progress.notice(f"goes on from step {counters['step']} of {training.epochs * steps}, where it was cut off")
    trace: list[dict[str, float]] = counters["trace"]
    sums = torch.tensor(counters["sums"])
    network.train()
    pairs = islice(_pairs(data, training, steps, seed), counters["step"], None)
    clock = Clock(steps * training.epochs, counters["step"], progress)
    for number, (i, j) in enumerate(pairs, counters["step"]):
        done = number / (training.epochs * steps)
        if number % steps == 0 or number == counters["step"]:
            network.begin_epoch(number // steps)
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * _factor(training.schedule, done)
        losses = _step(network, data, i, j, training, term, done)
        total = losses[0] + (training.weight * losses[1] if term is not None else 0.0)
        if penalty is not None:
            total = total + penalty()
        optimiser.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]
        if training.clip:
            nn.utils.clip_grad_norm_([p for g in optimiser.param_groups for p in g["params"]], training.clip)
        optimiser.step()
        sums += losses.detach()
        clock.tell(number + 1, sums / (number % steps + 1))
        if (number + 1) % steps == 0:
            trace.append(_row(sums / steps, term, number))
            sums = torch.zeros(2)
            if judge is not None:
                trace[-1]["score"] = _score(network, judge)
                if trace[-1]["score"] >= max(row["score"] for row in trace):
                    kept = {name: value.clone() for name, value in network.state_dict().items()}
        if checkpoint is not None and checkpoint.due:
            _check(sums, term, number)
            counters = {"step": number + 1, "sums": sums.tolist(), "trace": trace}
            counters["term"] = term.counters() if term is not None else {}
            checkpoint.save(modules, optimiser, counters, kept)
    if kept:
        network.load_state_dict(kept)
    network.eval()
    if checkpoint is not None:
        checkpoint.remove()
    return trace


class Clock:
    """Tells the progress now and then: epoch, losses, time left."""

    def __init__(self, steps: int, begun: int, progress: Progress) -> None:
        self.steps, self.begun, self.progress = steps, begun, progress
        self.start = self.last = time.monotonic()

    def tell(self, done: int, losses: Tensor) -> None:
        now = time.monotonic()
        if now - self.last < TOLD:
            return
        self.last = now
        left = (now - self.start) * (self.steps - done) / (done - self.begun)
        said = f"cross-entropy {float(losses[0]):.3f}, term {float(losses[1]):.3f}, {left:.0f} s left"
        self.progress.update(done / self.steps, f"step {done} of {self.steps}, {said}")


def _pairs(data: Data, training: Training, steps: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Source and target batches of every step; both are shuffled at each epoch, by generators of their own."""
    generators = [torch.Generator().manual_seed(2 * seed + side) for side in (0, 1)]
    size = training.batch_size
    for _ in range(training.epochs):
        yield from zip(
            batches(len(data.source), size, steps, generators[0], data.source_lengths),
            batches(len(data.target), size, steps, generators[1], data.target_lengths),
            strict=True,
        )


def _optimiser(network: Any, term: Term | None, training: Training) -> torch.optim.Optimizer:
    groups = network.parameter_groups(training.rate)
    own = list(term.parameters()) if term is not None else []
    if own:
        groups.append({"params": own, "lr": training.term_rate or training.rate})
    return torch.optim.AdamW(groups, lr=training.rate, weight_decay=training.decay)


def _factor(schedule: str, done: float) -> float:
    """What the step size is multiplied by when a share ``done`` of the training is behind."""
    if schedule == "constant":
        return 1.0
    return min((done + 1e-3) / 0.1, (1 - done) / 0.9)


def _step(network: Any, data: Data, i: Tensor, j: Tensor, training: Training, term: Term | None, done: float) -> Tensor:
    """The source's cross-entropy and the term, as a tensor of two."""
    labels = data.labels[i]
    if labels.ndim == 2:
        labels = labels[labels >= 0]
    if term is None:
        loss = functional.cross_entropy(network(data.source[i]), labels)
        return torch.stack([loss, torch.zeros_like(loss)])
    if training.batch_norm == "joint":
        features = network.features(torch.cat([data.source[i], data.target[j]]))
        source, target = features[: len(labels)], features[len(labels) :]
    else:
        source, target = network.features(data.source[i]), network.features(data.target[j])
    step = Step(source, target, network.head(source), network.head(target), labels, done)
    return torch.stack([functional.cross_entropy(step.source_logits, labels), term(step)])


def _score(network: Any, judge: Callable[[], float]) -> float:
    """What the judge says of the network in evaluation mode."""
    network.eval()
    score = judge()
    network.train()
    return score


def _row(means: Tensor, term: Term | None, number: int) -> dict[str, float]:
    """What the record keeps of an epoch."""
    _check(means, term, number)
    row = {"cross_entropy": float(means[0])}
    if term is not None:
        row |= {"term": float(means[1]), **term.end_epoch()}
    return row


def _check(losses: Tensor, term: Term | None, number: int) -> None:
    """Raises :class:`WbError` where a loss is not a number; what was saved before stays."""
    for value, what in zip(losses.tolist(), ("cross-entropy", type(term).__name__), strict=True):
        if value != value or abs(value) == float("inf"):
            raise WbError(f"step {number + 1}: the loss of {what} is not a number; lower --rate or --weight")
