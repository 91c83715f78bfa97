"""Speed and memory of the classical methods beside their peers on the same arrays, each in a process of its own.

    python benchmarks/classical.py [--largest N] [--markdown FILE] [METHOD …]

d = 800 features, n examples in each domain, one thread; CPU seconds of one fit (the least of several where it is
short) and the memory it adds. skada comes with the extra ``bench``; adapt is used where it is importable. ``--largest
4000`` runs the peers' TCA where skada's needs about four minutes and 6 GB. 20,000 per domain is measured for ours
alone. Below the table, the accuracy of landmarks beside the whole kernel on real data (``wb data get mnist-usps``).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import peers
import quality

DIMENSIONS = 800
SIZES = (500, 1000, 2000, 4000)
WHOLE, FEW = "tca rbf, whole kernel", "tca rbf, 500 landmarks"
METHODS = {
    "tca": (*SIZES, 20_000),
    "jda, 10 rounds": (*SIZES, 20_000),
    WHOLE: (1000, 2000, 4000),
    FEW: (1000, 2000, 4000, 20_000),
    "coral": (*SIZES, 20_000),
    "sa": (*SIZES, 20_000),
    "gfk": (*SIZES, 20_000),
    "kmm": (*SIZES, 20_000),
    "kliep": (*SIZES, 20_000),
    "meda": (*SIZES, 20_000),
}
"""Rows of the table and their n. The whole kernel of 20,000 per domain would take 13 GB."""

ADAPTS_TCA = 1000
"""Largest n at which adapt's TCA and MEDA's formula are run: adapt takes twice as long as skada."""

REPEATED_FOR, MOST_REPEATS = 1.0, 15
"""CPU seconds for which a fit is repeated, and how often at most: the least is its cost, the rest other processes'."""


def arrays(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ten classes in a moved and stretched target, as a smooth density in 800 dimensions."""
    generator = np.random.default_rng(0)
    centres = generator.normal(size=(10, DIMENSIONS)) * 0.3
    labels = generator.integers(0, 10, size=n)
    source = centres[labels] + generator.normal(size=(n, DIMENSIONS))
    target = centres[generator.integers(0, 10, size=n)] + 1.1 * generator.normal(size=(n, DIMENSIONS)) + 0.1
    return source, labels, target


def ours(name: str) -> Callable[..., Any]:
    """A function of source, labels and target that fits our method, and transforms as the peers do."""
    from wb_distribution.meda import ManifoldAlignedClassifier
    from wb_distribution.tca import TransferComponentAnalysis
    from wb_instance.kliep import KullbackLeiblerImportance
    from wb_instance.kmm import KernelMeanMatching
    from wb_subspace.alignment import SubspaceAlignment
    from wb_subspace.coral import CorrelationAlignment
    from wb_subspace.geodesic import GeodesicFlow

    def kernel(landmarks: int) -> Callable[..., Any]:
        return lambda x, y, z: TransferComponentAnalysis(
            kernel="rbf", landmarks=landmarks or len(x) + len(z), unit_rows=True
        ).fit(x, target=z)

    def transformed(estimator: Any, x: np.ndarray, z: np.ndarray, of: np.ndarray) -> Any:
        estimator.fit(x, target=z)
        estimator.transform_source(of) if of is x else estimator.transform(of)
        return estimator

    return {
        "tca": lambda x, y, z: transformed(TransferComponentAnalysis(), x, z, z),
        "jda, 10 rounds": ten_rounds,
        WHOLE: kernel(0),
        FEW: kernel(500),
        "coral": lambda x, y, z: transformed(CorrelationAlignment(), x, z, x),
        "sa": lambda x, y, z: transformed(SubspaceAlignment(50, unit_rows=False), x, z, z),
        "gfk": lambda x, y, z: transformed(GeodesicFlow(20), x, z, z),
        "kmm": lambda x, y, z: KernelMeanMatching(width=peers.WIDTH).fit(x, target=z),
        "kliep": lambda x, y, z: KullbackLeiblerImportance(width=peers.WIDTH).fit(x, target=z),
        "meda": lambda x, y, z: ManifoldAlignedClassifier().fit(x, y, z),
    }[name]


def ten_rounds(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> Any:
    """JDA that never settles: one pseudo label is changed in every round. Its pseudo labels are timed."""
    from wb_distribution.cells import CellNeighbour
    from wb_distribution.jda import JointDistributionAdaptation

    spent: list[float] = []

    class Restless(CellNeighbour):
        def fit(self, X: np.ndarray, y: np.ndarray) -> Any:
            self.begun_ = time.process_time()
            return super().fit(X, y)

        def predict(self, X: np.ndarray) -> np.ndarray:
            found = super().predict(X)
            found[0] = len(spent) % 10
            spent.append(time.process_time() - self.begun_)
            return found

    fitted = JointDistributionAdaptation(classifier=Restless()).fit(x, y, z)
    assert len(spent) == 10
    fitted.share_of_pseudo_labels_ = sum(spent)
    return fitted


def one(side: str, name: str, n: int) -> None:
    """In a child process: print CPU seconds and added megabytes of one fit, and how good it is."""
    fit = ours(name) if side == "ours" else peers.SIDES[side](name)
    try:
        fit(*arrays(120))  # imports and caches are not the method's cost
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"[:60]}))
        return
    x, y, z = arrays(n)
    before, start = peak(), time.process_time()
    fitted = fit(x, y, z)
    seconds, added = [time.process_time() - start], peak() - before
    while sum(seconds) < REPEATED_FOR and len(seconds) < MOST_REPEATS:
        start = time.process_time()
        fit(x, y, z)
        seconds.append(time.process_time() - start)
    print(json.dumps({"seconds": min(seconds), "mb": added, "note": quality.note(name, fitted, x, z)}))


def peak() -> float:
    """Peak resident memory in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(side: str, name: str, n: int) -> dict[str, Any]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, __file__, "--one", side, name, str(n)], capture_output=True, text=True, env=environment
    )
    lines = done.stdout.strip().splitlines()
    return json.loads(lines[-1]) if lines else {"error": "its process ended"}


def compared(side: str, name: str, n: int, largest: int) -> bool:
    if n > SIZES[-1] or not peers.installed(side):
        return False
    return name not in ("tca", "meda") or n <= (largest if side == "skada" else min(largest, ADAPTS_TCA))


def rows(names: list[str], largest: int) -> Iterator[list[str]]:
    """One line of the table for each method and n, as it is measured."""
    whole: dict[int, float] = {}
    for name in names:
        for n in METHODS[name]:
            own = measured("ours", name, n)
            others = {s: measured(s, name, n) for s in peers.OF.get(name, ()) if compared(s, name, n, largest)}
            if name == WHOLE and "seconds" in own:
                whole[n] = own["seconds"]
            if name == FEW and n in whole:
                others = {"whole": {"seconds": whole[n], "mb": float("nan"), "note": ""}}
            yield line(name, n, own, others)


def line(name: str, n: int, own: dict[str, Any], others: dict[str, dict[str, Any]]) -> list[str]:
    done = {side: found for side, found in others.items() if "seconds" in found}
    faster = min(done, key=lambda side: done[side]["seconds"], default="")
    cells = [name, f"{n:,}", *shown(own)]
    if not faster or "seconds" not in own:
        return [*cells, "", "", "", "", own.get("note", "")]
    fastest = done[faster]
    slower = [f"{side} {found['seconds']:.2f}" for side, found in done.items() if side != faster]
    slower += [f"{side}: {found['error']}" for side, found in others.items() if side not in done]
    notes = [own["note"], *(f"{side} {found['note']}" for side, found in done.items() if found["note"])]
    name_of = f"{faster}" + (f" ({', '.join(slower)})" if slower else "")
    times = f"{fastest['seconds'] / own['seconds']:.1f} ×"
    return [*cells, name_of, *shown(fastest), times, "; ".join(filter(None, notes))]


def shown(found: dict[str, Any]) -> list[str]:
    if "error" in found:
        return [found["error"], ""]
    return [f"{found['seconds']:.3f}", "" if np.isnan(found["mb"]) else f"{found['mb']:.0f}"]


HEADS = ["method", "n", "s", "MB", "faster peer (other)", "s", "MB", "faster", "how good"]
WIDTHS = (24, 6, 8, 5, 26, 8, 5, 8, 0)


def landmark_accuracy() -> str:
    """Accuracy of RBF TCA by landmarks (three seeds) and by the whole kernel on digits, in ordinary runs."""
    from workbench import WbError

    found = []
    for source, target in (("mnist", "usps"), ("usps", "mnist"), ("fonts?n=4000&seed=0", "digits")):
        try:
            whole = rbf_accuracy(source, target, 0, 0)
            few = [rbf_accuracy(source, target, 500, seed) for seed in range(3)]
        except WbError as error:
            return f"Accuracy of landmarks not measured: {error}"
        found.append(f"{source} → {target} {whole:.2f} % whole, {np.mean(few):.2f} ± {np.std(few, ddof=1):.2f}")
    return f"Accuracy of RBF TCA (λ = .1) by the whole kernel and by 500 landmarks (three seeds): {'; '.join(found)}."


def rbf_accuracy(source: str, target: str, landmarks: int, seed: int) -> float:
    from workbench import run

    settings = {"kernel": "rbf", "regularisation": 0.1, "landmarks": landmarks}
    with tempfile.TemporaryDirectory() as folder:
        result = run("tca", source, target, out=Path(folder), seed=seed, baseline=False, **settings)
    return 100 * float(result.comparison.adapted["accuracy"].value)


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and memory beside skada and adapt.")
    parser.add_argument("methods", nargs="*", metavar="METHOD", help=f"of {', '.join(METHODS)}; all by default")
    parser.add_argument("--largest", type=int, default=2000, help="Largest n at which the peers' TCA is run.")
    parser.add_argument("--markdown", type=Path, help="Also write the table to this file.")
    parser.add_argument("--one", nargs=3, metavar=("SIDE", "METHOD", "N"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one[0], chosen.one[1], int(chosen.one[2]))
        return
    for side in ("skada", "adapt"):
        if not peers.installed(side):
            print(f"{side} is not installed: its columns stay empty")
    print("  ".join(text.ljust(width) for text, width in zip(HEADS, WIDTHS, strict=True)))
    lines = []
    for cells in rows(chosen.methods or list(METHODS), chosen.largest):
        lines.append(cells)
        print("  ".join(text.ljust(width) for text, width in zip(cells, WIDTHS, strict=True)), flush=True)
    accuracy = landmark_accuracy()
    print(accuracy)
    if chosen.markdown:
        table = [HEADS, ["---", "--:", "--:", "--:", "---", "--:", "--:", "--:", "---"], *lines]
        body = "".join(f"| {' | '.join(cells)} |\n" for cells in table)
        chosen.markdown.write_text(f"{body}\n{accuracy}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
