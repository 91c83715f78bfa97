"""What was tried with visual-word histograms for MEDA on Office-Caltech10: transforms, strengths, means of models.

    python benchmarks/histograms.py

No target label chooses anything here; accuracies are printed after all predictions are made. Needs the data set
(``wb data get office-caltech-surf`` from a mirror, or ``wb data add``).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler, normalize
from sklearn.svm import SVC

from wb_distribution.meda import ManifoldAlignedClassifier
from wb_subspace.geodesic import GeodesicFlow
from workbench.data.opening import open_corpus
from workbench.plugins.loading import load

DOMAINS = ("caltech", "amazon", "webcam", "dslr")
DIMENSIONS = (10, 15, 20, 25, 30, 40)
STRENGTHS = ((1.0, 1.0), (100.0, 1.0), (10.0, 0.1), (10.0, 10.0))
"""λ of the distributions and ρ of the neighbour graph; the defaults are 10 and 1."""

Both = tuple[np.ndarray, np.ndarray]


def shares(x: np.ndarray) -> np.ndarray:
    return normalize(x, "l1")


def rarity(source: np.ndarray, target: np.ndarray) -> Both:
    """Shares times the inverse frequency, over both domains, of the images that hold a word."""
    holds = np.count_nonzero(np.vstack([source, target]), axis=0)
    weights = np.log((len(source) + len(target)) / np.maximum(holds, 1))
    return normalize(shares(source) * weights), normalize(shares(target) * weights)


TRANSFORMS: dict[str, Callable[[np.ndarray, np.ndarray], Both]] = {
    "shares": lambda s, t: (shares(s), shares(t)),
    "roots of shares": lambda s, t: (np.sqrt(shares(s)), np.sqrt(shares(t))),
    "rarity": rarity,
    "logarithms of counts": lambda s, t: (np.log1p(s), np.log1p(t)),
    "presence": lambda s, t: ((s > 0) * 1.0, (t > 0) * 1.0),
}


def prepared(name: str, source: np.ndarray, target: np.ndarray) -> Both:
    moved = TRANSFORMS[name](source, target)
    return StandardScaler().fit_transform(moved[0]), StandardScaler().fit_transform(moved[1])


def meda(both: Both, labels: np.ndarray, dimensions: int = 20, alignment: float = 10.0, manifold: float = 1.0):
    """Probabilities on the target, (m, C)."""
    flow = GeodesicFlow(dimensions).fit(both[0], target=both[1])
    source, target = (flow.transform(x) for x in both)
    first = KNeighborsClassifier(1)
    model = ManifoldAlignedClassifier(alignment=alignment, manifold=manifold, classifier=first)
    return model.fit(source, labels, target).predict_proba(target)


def pair(source: np.ndarray, labels: np.ndarray, target: np.ndarray) -> dict[str, np.ndarray]:
    """Predicted class ids of everything that was tried, by name."""
    both = {name: prepared(name, source, target) for name in TRANSFORMS}
    roots = both["roots of shares"]
    found = {f"MEDA, {name}": meda(both[name], labels) for name in TRANSFORMS}
    sizes = {d: meda(roots, labels, d) for d in DIMENSIONS}
    strengths = {s: meda(roots, labels, alignment=s[0], manifold=s[1]) for s in STRENGTHS}
    found |= {f"MEDA, roots, {d} dimensions": p for d, p in sizes.items()}
    found |= {f"MEDA, roots, λ = {s[0]:g}, ρ = {s[1]:g}": p for s, p in strengths.items()}
    found["mean over dimensions"] = sum(sizes.values())
    found["mean over shares and roots"] = found["MEDA, shares"] + found["MEDA, roots of shares"]
    found["mean over all of these"] = found["MEDA, shares"] + sum(sizes.values()) + sum(strengths.values())
    said = {name: p.argmax(axis=1) for name, p in found.items()}
    machines = {f"linear machine, {name}": SVC(kernel="linear").fit(both[name][0], labels) for name in TRANSFORMS}
    return said | {name: machine.predict(both[name.partition(", ")[2]][1]) for name, machine in machines.items()}


def main() -> None:
    host = load()
    task = host.tasks.get("classification").load()()
    data = {name: open_corpus(f"office-caltech-surf/{name}", host).labelled("train", task) for name in DOMAINS}
    accuracies: dict[str, list[float]] = {}
    for source, target in itertools.permutations(DOMAINS, 2):
        said = pair(data[source].inputs, data[source].labels, data[target].inputs)
        for name, labels in said.items():
            accuracies.setdefault(name, []).append(100 * float(np.mean(labels == data[target].labels)))
    for name, values in accuracies.items():
        print(f"{name:40} {np.mean(values):6.2f}   {' '.join(f'{value:5.1f}' for value in values)}")


if __name__ == "__main__":
    main()
