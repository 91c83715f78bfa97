"""What the engine costs over a bare PyTorch loop: the same network, data, batches and loss, in turns, one thread.

    python benchmarks/deep.py [--rounds N]

CPU seconds of a step; the ratio of each round pairs two trainings that follow one another, so that a busy machine
weighs on both. Source-only, MCC and DANN on 3,000 + 1,797 images of 16 × 16.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch.nn import functional

from wb_deep.bodies.networks import Network
from wb_deep.methods.adaptation import Adaptation
from wb_deep.methods.dann import DANN
from wb_deep.methods.mcc import MCC
from wb_deep.training.batching import batches
from wb_deep.training.data import Data
from wb_deep.training.engine import train
from wb_deep.training.loss import Step
from wb_deep.training.options import Training

EPOCHS, SIZE, CLASSES = 2, 64, 10
LOSSES = {"source-only": None, "mcc": MCC, "dann": DANN}


def data() -> Data:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(3000, 1, 16, 16, generator=generator)
    labels = torch.randint(0, CLASSES, (3000,), generator=generator)
    return Data(x, labels, torch.randn(1797, 1, 16, 16, generator=generator))


def fresh(method: type[Adaptation] | None) -> tuple[Network, Adaptation | None]:
    torch.manual_seed(0)
    network = Network((1, 16, 16), CLASSES)
    if method is None:
        return network, None
    loss = method()
    loss.state = loss.new_state(network, CLASSES)
    return network, loss


def engine(given: Data, method: type[Adaptation] | None) -> list[torch.Tensor]:
    network, loss = fresh(method)
    train(network, given, Training(EPOCHS, SIZE, 1e-3, weight=1.0), 0, loss)
    return list(network.parameters())


def bare(given: Data, method: type[Adaptation] | None) -> list[torch.Tensor]:
    """The shortest loop that trains the same network."""
    network, loss = fresh(method)
    parameters = [*network.parameters(), *(loss.state.parameters() if loss is not None else ())]
    optimiser = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.0, fused=True)
    generators = [torch.Generator().manual_seed(side) for side in (0, 1)]
    steps = len(given.source) // SIZE
    network.train()
    for epoch in range(EPOCHS):
        pairs = zip(
            batches(len(given.source), SIZE, steps, generators[0]),
            batches(len(given.target), SIZE, steps, generators[1]),
            strict=True,
        )
        for number, (i, j) in enumerate(pairs):
            labels = given.labels[i]
            optimiser.zero_grad(set_to_none=True)
            if loss is None:
                functional.cross_entropy(network(given.source[i]), labels).backward()
            else:
                features = network.features(torch.cat([given.source[i], given.target[j]]))
                f, g = features[: len(i)], features[len(i) :]
                step = Step(f, g, network.head(f), network.head(g), labels, (epoch + number / steps) / EPOCHS)
                (functional.cross_entropy(step.source_logits, labels) + loss.loss(step)).backward()
            optimiser.step()
    return list(network.parameters())


def seconds(
    run: Callable[[Data, type[Adaptation] | None], object], given: Data, method: type[Adaptation] | None
) -> float:
    start = time.process_time()
    run(given, method)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    given = data()
    steps = EPOCHS * (len(given.source) // SIZE)
    print(f"{'method':12} {'bare ms/step':>13} {'engine ms/step':>15} {'ratio':>7}  (median of {rounds} rounds)")
    for name, method in LOSSES.items():
        for a, b in zip(engine(given, method), bare(given, method), strict=True):
            assert torch.allclose(a, b, atol=1e-3), f"{name}: the two loops train different networks"
        pairs = []
        for number in range(rounds):
            order = (bare, engine) if number % 2 else (engine, bare)
            taken = {run: seconds(run, given, method) for run in order}
            pairs.append((taken[bare], taken[engine]))
        ratio = statistics.median(e / b for b, e in pairs)
        plain, ours = (1000 * statistics.median(column) / steps for column in zip(*pairs, strict=True))
        print(f"{name:12} {plain:13.2f} {ours:15.2f} {ratio:7.3f}", flush=True)


if __name__ == "__main__":
    main()
