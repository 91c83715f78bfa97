"""One training loop for every deep method: a joint step of source and target, and one loss between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import torch
from torch import Tensor

from wb_deep.training.batching import batches
from wb_deep.training.data import Data
from wb_deep.training.devices import place_for
from wb_deep.training.history import History
from wb_deep.training.loss import Loss
from wb_deep.training.observers import Loop, LoopObserver
from wb_deep.training.optimising import factor, new_optimiser
from wb_deep.training.options import Training
from wb_deep.training.steps import Objective, Stepper, cross_entropy


def train(
    network: Any,
    data: Data,
    training: Training,
    seed: int,
    loss: Loss | None = None,
    observers: Sequence[LoopObserver] = (),
    penalty: Callable[[], Tensor] | None = None,
    objective: Objective = cross_entropy,
) -> list[dict[str, float]]:
    """Train ``network`` (:class:`Trainable`) in place; returns one row of losses for each epoch.

    An epoch is one pass over the larger domain; the smaller one is shuffled again as often as it runs out. Without
    a ``loss`` between them the target is not touched, and the ``objective`` of the labelled examples goes down.

    Raises
    ------
    WbError
        When a loss is not a number: names the step and the loss.
    """
    place = place_for(training.device, training.precision)
    size = training.batch_size * place.processes
    longest = len(data.source) if loss is None else max(len(data.source), len(data.target))
    steps = training.steps or max(1, longest // size)
    for module in (network, *([loss.state] if loss is not None else [])):
        place.take(module)
    optimiser = new_optimiser(training, network, loss)
    rates = [group["lr"] for group in optimiser.param_groups]
    loop = Loop(network, loss, data, training, seed, place, optimiser, steps, History(steps), observers)
    for observer in observers:
        observer.begin(loop)
    stepper = Stepper(network, data, training, loss, penalty, objective, place, place.optimiser(optimiser))
    network.train()
    begun = loop.done
    for number, rows in enumerate(islice(_rows(loop, size), begun, None), begun):
        done = number / loop.total
        if number % steps == 0 or number == begun:
            network.begin_epoch(number // steps)
        now = factor(training.schedule, done)
        loop.history.add(stepper.step([place.own_rows(side) for side in rows], done, [rate * now for rate in rates]))
        loop.done = number + 1
        if loop.done % steps == 0:
            loop.history.end_epoch(loss.after_epoch() if loss is not None else None, number)
            for observer in observers:
                observer.after_epoch(loop)
        for observer in observers:
            observer.after_step(loop)
        if loop.stopped:
            break
    for module in loop.modules.values():
        place.home(module)
    for observer in observers:
        observer.end(loop)
    network.eval()
    return loop.history.trace


def _rows(loop: Loop, size: int) -> Iterator[tuple[Tensor, ...]]:
    """The examples of every step, of the source and, with a loss between them, of the target.

    Both are shuffled at each epoch, by generators of their own; where an epoch's length is given, as they run out.
    """
    data, training = loop.data, loop.training
    examples = [(data.source, data.source_lengths), (data.target, data.target_lengths)][: 1 if loop.loss is None else 2]
    generators = [torch.Generator().manual_seed(2 * loop.seed + side) for side in range(len(examples))]
    spans = [loop.total] if training.steps else [loop.steps] * training.epochs
    for steps in spans:
        rows = (batches(len(x), size, steps, g, n) for (x, n), g in zip(examples, generators, strict=True))
        yield from zip(*rows, strict=True)
