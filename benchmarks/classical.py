"""Speed and memory of the classical methods beside skada's on the same arrays, each in a process of its own.

    python benchmarks/classical.py [--largest N]

d = 800 features, n examples in each domain, one thread; CPU seconds of one fit and the memory it adds. ``--largest
4000`` runs skada's TCA where it needs about four minutes and 6 GB. 20,000 per domain is measured for ours alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

DIMENSIONS = 800
SIZES = (500, 1000, 2000, 4000)
METHODS = ("tca", "jda ×10", "tca rbf, 1,000 landmarks", "coral", "sa", "gfk", "kmm", "kliep", "meda")
PEERS = ("tca", "coral", "sa", "kmm", "kliep")
QUADRATIC = ("kmm", "meda")
"""Not run at 20,000 by default: kernel mean matching by landmarks takes half a minute."""


def arrays(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ten classes in a moved and stretched target, as a smooth density in 800 dimensions."""
    generator = np.random.default_rng(0)
    centres = generator.normal(size=(10, DIMENSIONS)) * 0.3
    labels = generator.integers(0, 10, size=n)
    source = centres[labels] + generator.normal(size=(n, DIMENSIONS))
    target = centres[generator.integers(0, 10, size=n)] + 1.1 * generator.normal(size=(n, DIMENSIONS)) + 0.1
    return source, labels, target


def ours(name: str) -> Callable[..., Any]:
    from wb_distribution.jda import JointDistributionAdaptation
    from wb_distribution.meda import ManifoldAlignedClassifier
    from wb_distribution.tca import TransferComponentAnalysis
    from wb_instance.kliep import KullbackLeiblerImportance
    from wb_instance.kmm import KernelMeanMatching
    from wb_subspace.alignment import SubspaceAlignment
    from wb_subspace.coral import CorrelationAlignment
    from wb_subspace.geodesic import GeodesicFlow

    return {
        "tca": lambda x, y, z: TransferComponentAnalysis().fit(x, z).transform(z),
        "jda ×10": lambda x, y, z: JointDistributionAdaptation().fit(x, y, z),
        "tca rbf, 1,000 landmarks": lambda x, y, z: TransferComponentAnalysis(kernel="rbf", landmarks=1000).fit(x, z),
        "coral": lambda x, y, z: CorrelationAlignment().fit(x, z).transform(x),
        "sa": lambda x, y, z: SubspaceAlignment(50, unit_rows=False).fit(x, z).transform(z),
        "gfk": lambda x, y, z: GeodesicFlow(20).fit(x, z).transform(z),
        "kmm": lambda x, y, z: KernelMeanMatching().fit(x, z).weights_,
        "kliep": lambda x, y, z: KullbackLeiblerImportance(width=40.0).fit(x, z).weights_,
        "meda": lambda x, y, z: ManifoldAlignedClassifier().fit(x, y, z),
    }[name]


def skada(name: str) -> Callable[..., Any]:
    import skada as peer

    adapters = {
        "tca": lambda: peer.TransferComponentAnalysisAdapter(kernel="linear", n_components=100, mu=1.0),
        "coral": lambda: peer.CORALAdapter(reg=1.0),
        "sa": lambda: peer.SubspaceAlignmentAdapter(n_components=50),
        "kmm": lambda: peer.KMMReweightAdapter(gamma=1 / (2 * 40.0**2)),
        "kliep": lambda: peer.KLIEPReweightAdapter(gamma=1 / (2 * 40.0**2), random_state=0),
    }

    def fit(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> Any:
        both, domain = np.vstack([x, z]), np.repeat([1, -2], [len(x), len(z)])
        adapter = adapters[name]()
        return adapter.fit_transform(both, sample_domain=domain)

    return fit


def one(side: str, name: str, n: int) -> None:
    """In a child process: print CPU seconds and added megabytes of one fit."""
    fit = ours(name) if side == "ours" else skada(name)
    small = arrays(60)
    try:
        fit(*small)  # imports and caches are not the method's cost
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"[:60]}))
        return
    x, y, z = arrays(n)
    before, start = peak(), time.process_time()
    fit(x, y, z)
    print(json.dumps({"seconds": time.process_time() - start, "mb": peak() - before}))


def peak() -> float:
    """Peak resident memory in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(side: str, name: str, n: int) -> dict[str, Any]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, __file__, "--one", side, name, str(n)], capture_output=True, text=True, env=environment
    )
    lines = done.stdout.strip().splitlines()
    return json.loads(lines[-1]) if lines else {"error": "its process ended"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and memory beside skada.")
    parser.add_argument("--largest", type=int, default=2000, help="Largest n at which skada's TCA is run.")
    parser.add_argument("--one", nargs=3, metavar=("SIDE", "METHOD", "N"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one[0], chosen.one[1], int(chosen.one[2]))
        return
    print(f"{'method':26} {'n':>6} {'ours s':>8} {'MB':>6} {'skada s':>8} {'MB':>6} {'times faster':>12}")
    for name in METHODS:
        for n in (*SIZES, *(() if name in QUADRATIC else (20_000,))):
            own = measured("ours", name, n)
            compared = name in PEERS and n <= 4000 and (name != "tca" or n <= chosen.largest)
            line(name, n, own, measured("skada", name, n) if compared else None)


def line(name: str, n: int, own: dict[str, Any], peer: dict[str, Any] | None) -> None:
    text = f"{name:26} {n:6} " + (f"{own['seconds']:8.2f} {own['mb']:6.0f}" if "seconds" in own else own["error"])
    if peer is not None:
        shown = f"{peer['seconds']:8.2f} {peer['mb']:6.0f}" if "seconds" in peer else peer["error"]
        ratio = f" {peer['seconds'] / own['seconds']:11.1f}×" if "seconds" in peer and "seconds" in own else ""
        text += f" {shown}{ratio}"
    print(text, flush=True)


if __name__ == "__main__":
    main()
