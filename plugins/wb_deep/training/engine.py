"""One training loop for every deep method: a joint step of source and target, and one loss term."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import torch
from torch import Tensor, nn

from wb_deep.training.averaging import WeightAverage, refresh
from wb_deep.training.batching import batches
from wb_deep.training.checkpoints import Checkpoint
from wb_deep.training.data import Data
from wb_deep.training.devices import place_for
from wb_deep.training.history import Clock, History, check
from wb_deep.training.optimising import factor, new_optimiser
from wb_deep.training.options import Training
from wb_deep.training.steps import Stepper
from wb_deep.training.terms import Term
from workbench.progress import Progress


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
    otherwise the last, or with ``training.average`` the mean of the last weights.

    Raises
    ------
    WbError
        When a loss is not a number: names the step and the term.
    """
    place = place_for(training.device, training.precision)
    size = training.batch_size * place.processes
    longest = len(data.source) if term is None else max(len(data.source), len(data.target))
    steps = max(1, longest // size)
    modules: dict[str, nn.Module] = {"network": network}
    if term is not None:
        term.attach(network)
        modules["term"] = term
    average = None
    if training.average:
        average = WeightAverage(network, round((1 - training.average) * training.epochs * steps))
        modules["average"] = average
    for module in modules.values():
        place.take(module)
    optimiser = new_optimiser(training.optimiser, network, term, training.rate, training.decay, training.term_rate)
    rates = [group["lr"] for group in optimiser.param_groups]
    history = History(steps, judge, training.patience)
    begun = _restore(checkpoint, modules, optimiser, history, term)
    if begun:
        progress.notice(f"goes on from step {begun} of {training.epochs * steps}, where it was cut off")
    stepper = Stepper(network, data, training, term, penalty, place, place.optimiser(optimiser))
    network.train()
    clock = Clock(steps * training.epochs, begun, progress)
    sides = 1 if term is None else 2
    for number, rows in enumerate(islice(_rows(data, training.epochs, steps, size, seed, sides), begun, None), begun):
        done = number / (training.epochs * steps)
        if number % steps == 0 or number == begun:
            network.begin_epoch(number // steps)
        now = factor(training.schedule, done)
        history.add(stepper.step([place.mine(side) for side in rows], done, [rate * now for rate in rates]))
        if average is not None:
            average.add(number)
        clock.tell(number + 1, history)
        if (number + 1) % steps == 0:
            history.end_epoch(network, term, number, place)
            if history.stops():
                break
        if checkpoint is not None and checkpoint.due and place.rank == 0:
            _save(checkpoint, modules, optimiser, history, term, number)
    for module in modules.values():
        place.home(module)
    if term is not None:
        term.release()
    if history.kept:
        network.load_state_dict(history.kept)
    elif average is not None:
        average.hand_over()
        refresh(network, data, term is not None and training.batch_norm == "joint", seed)
    network.eval()
    if checkpoint is not None:
        checkpoint.remove()
    return history.trace


def _save(
    checkpoint: Checkpoint,
    modules: dict[str, nn.Module],
    optimiser: torch.optim.Optimizer,
    history: History,
    term: Term | None,
    number: int,
) -> None:
    """Save the state after step ``number``, unless its losses are no numbers: the last good state stays then."""
    check(history.sums, term, number)
    counters = {"step": number + 1, **history.counters(), "term": term.counters() if term is not None else {}}
    checkpoint.save(modules, optimiser, counters, history.kept)


def _restore(
    checkpoint: Checkpoint | None,
    modules: dict[str, nn.Module],
    optimiser: torch.optim.Optimizer,
    history: History,
    term: Term | None,
) -> int:
    """Put back what :func:`_save` saved; returns the step to go on with, 0 where there is nothing."""
    found = checkpoint.restore(modules, optimiser) if checkpoint is not None else None
    if found is None:
        return 0
    counters, history.kept = found
    if term is not None:
        term.restore(counters["term"])
    return history.restore(counters)


def _rows(data: Data, epochs: int, steps: int, size: int, seed: int, sides: int) -> Iterator[tuple[Tensor, ...]]:
    """The examples of every step, of the source and, with two ``sides``, of the target.

    Both are shuffled at each epoch, by generators of their own.
    """
    examples = ((data.source, data.source_lengths), (data.target, data.target_lengths))[:sides]
    generators = [torch.Generator().manual_seed(2 * seed + side) for side in range(sides)]
    for _ in range(epochs):
        yield from zip(
            *(batches(len(x), size, steps, g, n) for (x, n), g in zip(examples, generators, strict=True)), strict=True
        )
