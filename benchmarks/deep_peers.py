"""DANN of wb, of a bare PyTorch loop, of pytorch-adapt and of skada: same network, data, epochs and batch.

    python benchmarks/deep_peers.py [--seeds N] [--src NAME] [--tgt NAME]

Needs the extra deep, ``wb data get mnist-usps`` and, for the peers (each is left out where missing), pytorch-adapt
0.0.83 with torchmetrics 0.9.3, pytorch-metric-learning 1.6.3 and setuptools below 81; skada 0.6 with skorch. They are
best installed without dependencies into a folder that PYTHONPATH names. 15 epochs of 64 + 64 images, Adam at 0.001,
last epoch. Peers are used as their documentation shows; "own discriminator" gives skada's the one that the others have,
because its default is a softmax over one output. Prints Markdown: accuracy on the target, mean ± sd, and CPU seconds
per epoch over those of the bare loop.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_deep.bodies.networks import Network
from wb_deep.bodies.numbers import Numbers
from wb_deep.losses.discriminators import discriminator, domain_loss, reverse
from wb_deep.losses.ramp import ramp
from wb_deep.methods.dann import DANN
from wb_deep.training.batching import batches
from workbench import load
from workbench.data.domains import Domain, Problem
from workbench.progress import Progress
from workbench.running.opened import open_data
from workbench.running.specification import Specification

EPOCHS, SIZE, RATE = 15, 64, 1e-3

Trained = Callable[[Tensor], Tensor]


def wb(x: Tensor, y: Tensor, z: Tensor, problem: Problem) -> Trained:
    model = DANN(DANN.Params()).fit(problem, Progress())
    found = torch.from_numpy(model.predict(problem.target.inputs).labels)
    return lambda _: found


def bare(x: Tensor, y: Tensor, z: Tensor, problem: Problem) -> Trained:
    network, judge = Network(tuple(x.shape[1:]), 10), discriminator(128)
    optimiser = torch.optim.Adam([*network.parameters(), *judge.parameters()], lr=RATE, fused=True)
    steps = EPOCHS * max(len(x), len(z)) // SIZE
    for number, (i, j) in enumerate(pairs(x, z, steps, problem.seed)):
        features = network.features(torch.cat([x[i], z[j]]))
        said = judge(reverse(features, ramp(number / steps)))[:, 0]
        loss = functional.cross_entropy(network.head(features[:SIZE]), y[i]) + domain_loss(said[:SIZE], said[SIZE:])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return network.eval()


def pytorch_adapt(x: Tensor, y: Tensor, z: Tensor, problem: Problem) -> Trained:
    from pytorch_adapt.containers import Models, Optimizers
    from pytorch_adapt.hooks import DANNHook

    network = Network(tuple(x.shape[1:]), 10)
    models = Models({"G": network.body, "C": network.head, "D": nn.Sequential(discriminator(128), nn.Flatten(0))})
    optimisers = Optimizers((torch.optim.Adam, {"lr": RATE}))
    optimisers.create_with(models)
    hook = DANNHook(list(optimisers.values()))
    zeros, ones = torch.zeros(SIZE), torch.ones(SIZE)
    for i, j in pairs(x, z, EPOCHS * max(len(x), len(z)) // SIZE, problem.seed):
        batch = {"src_imgs": x[i], "src_labels": y[i], "target_imgs": z[j], "src_domain": zeros, "target_domain": ones}
        hook({**models, **batch})
    return network.eval()


def skada(x: Tensor, y: Tensor, z: Tensor, problem: Problem, own: bool = False) -> Trained:
    from skada.deep import DANN as Peer
    from skada.deep.modules import GradientReversalLayer

    class Weighted(Network):
        def forward(self, x: Tensor, sample_weight: Tensor | None = None) -> Tensor:
            return super().forward(x)

    class Discriminator(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = discriminator(128)

        def forward(self, x: Tensor, sample_weight: Tensor | None = None) -> Tensor:
            return self.inner(GradientReversalLayer.apply(x, 1.0)).sigmoid().squeeze()

    net = Peer(
        Weighted(tuple(x.shape[1:]), 10),
        layer_name="body",
        domain_classifier=Discriminator() if own else None,
        num_features=128,
        max_epochs=EPOCHS,
        batch_size=SIZE,
        optimizer=torch.optim.Adam,
        lr=RATE,
        train_split=None,
        verbose=0,
    )
    where = np.array([1] * len(x) + [-2] * len(z))
    labels = np.concatenate([y.numpy(), np.full(len(z), -1)])
    net.fit(torch.cat([x, z]).numpy(), labels, sample_domain=where)
    found = torch.from_numpy(np.asarray(net.predict(z.numpy(), sample_domain=np.full(len(z), -2))))
    return lambda _: found


def pairs(x: Tensor, z: Tensor, steps: int, seed: int) -> zip[tuple[Tensor, Tensor]]:
    first, second = (torch.Generator().manual_seed(2 * seed + side) for side in (0, 1))
    return zip(batches(len(x), SIZE, steps, first), batches(len(z), SIZE, steps, second), strict=True)


LOOPS = {
    "bare loop": bare,
    "wb dann": wb,
    "pytorch-adapt": pytorch_adapt,
    "skada": skada,
    "skada, own discriminator": lambda *given: skada(*given, own=True),
}


def opened(source: str, target: str, seed: int) -> tuple[Problem, Domain]:
    data = open_data(Specification("dann", (source,), target, seed=seed), load())
    return data.problem(), data.gold()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--src", default="usps")
    parser.add_argument("--tgt", default="mnist")
    given = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    right: dict[str, list[float]] = {}
    taken: dict[str, list[float]] = {}
    for seed in range(given.seeds):
        problem, gold = opened(given.src, given.tgt, seed)
        data = Numbers().data(problem.source, problem.target)
        names = torch.from_numpy(np.asarray([problem.classes.index(gold.classes[k]) for k in gold.labels]))
        for name, loop in LOOPS.items():
            torch.manual_seed(seed)
            start = time.process_time()
            try:
                model = loop(data.source, data.labels, data.target, problem)
            except ImportError as error:
                print(f"{name} is left out: {error}")
                continue
            taken.setdefault(name, []).append((time.process_time() - start) / EPOCHS)
            with torch.no_grad():
                said = model(data.target)
            labels = said.argmax(1) if said.ndim == 2 else said
            right.setdefault(name, []).append(100 * float((labels == names).float().mean()))
    print(f"| DANN, {given.src} → {given.tgt} | accuracy | time over the bare loop's |\n|---|--:|--:|")
    for name, values in right.items():
        ratio = statistics.median(a / b for a, b in zip(taken[name], taken["bare loop"], strict=True))
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        print(f"| {name} | {statistics.mean(values):.1f} ± {spread:.1f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
