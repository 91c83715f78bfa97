"""The peers that the classical methods are measured beside: skada, adapt, and formulas written out as published.

adapt imports TensorFlow for its networks alone; where it is missing, empty modules stand in for it, since the methods
measured here are NumPy's.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

WIDTH = 40.0
GAMMA = 1 / (2 * WIDTH**2)
"""Of every RBF kernel of the instance weights."""

SHRINKAGE = 0.5
"""skada's covariance is (1 − s) C + s tr(C)/d I: a half is C + I, our λ = 1, for features of variance 1, up to a
factor that CORAL cancels. (Its s = 1 leaves a multiple of the identity: no CORAL, and no work for the eigenvectors.)"""


def skada(name: str) -> Callable[..., Any]:
    """A function of source, labels and target that fits skada's method and transforms both domains."""
    import skada as peer

    adapters: dict[str, Callable[[], Any]] = {
        "tca": lambda: peer.TransferComponentAnalysisAdapter(kernel="linear", n_components=100, mu=1.0),
        "coral": lambda: peer.CORALAdapter(reg=SHRINKAGE),
        "sa": lambda: peer.SubspaceAlignmentAdapter(n_components=50, random_state=0),
        "kmm": lambda: peer.KMMReweightAdapter(gamma=GAMMA),
        "kliep": lambda: peer.KLIEPReweightAdapter(gamma=GAMMA, random_state=0),
    }

    def fit(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> Any:
        both, domain = np.vstack([x, z]), np.repeat([1, -2], [len(x), len(z)])
        adapter = adapters[name]()
        adapter.fit_transform(both, sample_domain=domain)
        return adapter

    return fit


def adapt(name: str) -> Callable[..., Any]:
    """The same for adapt, which transforms the source."""
    without_tensorflow()
    from adapt import feature_based, instance_based

    settings: dict[str, tuple[Any, dict[str, Any]]] = {
        "tca": (feature_based.TCA, {"n_components": 100, "mu": 1.0, "kernel": "linear"}),
        "coral": (feature_based.CORAL, {"lambda_": 1.0}),
        "sa": (feature_based.SA, {"n_components": 50}),
        "kmm": (instance_based.KMM, {"kernel": "rbf", "gamma": GAMMA}),
        "kliep": (instance_based.KLIEP, {"kernel": "rbf", "gamma": GAMMA, "max_centers": 100}),
    }
    kind, own = settings[name]

    def fit(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> Any:
        method = kind(**own, verbose=0, random_state=0)
        if hasattr(method, "fit_weights"):
            method.fit_weights(x, z)
        else:
            method.fit_transform(x, z)
        return method

    return fit


def formula(name: str) -> Callable[..., Any]:
    """A method that neither library has, as its paper writes it."""
    if name not in ("gfk", "meda"):
        raise ImportError(f"no formula of {name}")
    return geodesic_flow if name == "gfk" else manifold_alignment


def geodesic_flow(x: np.ndarray, y: np.ndarray, z: np.ndarray, k: int = 20) -> Any:
    """GFK with whole bases of both domains, and G with d × d entries (Gong et al. 2012, eq. 6)."""
    start, end = (np.linalg.svd(domain - domain.mean(axis=0), full_matrices=True)[2].T for domain in (x, z))
    basis, rest = start[:, :k], start[:, k:]
    left, cosines, right = np.linalg.svd(basis.T @ end[:, :k])
    angles = np.maximum(np.arccos(np.clip(cosines, -1, 1)), 1e-9)
    turned = -(rest.T @ end[:, :k] @ right.T) / np.sin(angles)
    first, second = 1 + np.sin(2 * angles) / (2 * angles), (np.cos(2 * angles) - 1) / (2 * angles)
    third = 1 - np.sin(2 * angles) / (2 * angles)
    one, other = basis @ left, rest @ turned
    kernel = (one * first) @ one.T + (one * second) @ other.T + (other * second) @ one.T + (other * third) @ other.T
    return kernel / 2


def manifold_alignment(x: np.ndarray, y: np.ndarray, z: np.ndarray, rounds: int = 10, p: int = 10) -> Any:
    """MEDA's classifier with every n × n matrix whole, one system in each round (Wang et al. 2018, eq. 12).

    The balance is a half throughout; ours also estimates it. Rounds end early as ours do.
    """
    from sklearn.preprocessing import normalize

    rows, n = normalize(np.vstack([x, z])), len(x)
    gold = np.vstack([np.eye(10)[y], np.zeros((len(z), 10))])
    cosines = rows @ rows.T
    kernel = np.exp(cosines - 1)
    nearest = np.argpartition(np.where(np.eye(len(rows)), np.inf, -cosines), p, axis=1)[:, :p]
    graph = np.zeros_like(cosines)
    np.put_along_axis(graph, nearest, np.maximum(np.take_along_axis(cosines, nearest, axis=1), 0), axis=1)
    graph = np.maximum(graph, graph.T)
    scale = 1 / np.sqrt(graph.sum(axis=1))
    rough = np.eye(len(rows)) - scale[:, None] * graph * scale
    labelled = np.repeat([1.0, 0.0], [n, len(z)])
    said = y[cosines[n:, :n].argmax(axis=1)]
    for _ in range(rounds):
        system = (np.diag(labelled) + 10 * discrepancy_matrix(y, said) + rough) @ kernel + 0.1 * np.eye(len(rows))
        before, weights = said, np.linalg.solve(system, gold)
        said = (kernel[n:] @ weights).argmax(axis=1)
        if np.array_equal(before, said):
            break
    return weights


def discrepancy_matrix(labels: np.ndarray, said: np.ndarray) -> np.ndarray:
    """(M₀ · 10 + Σ M_c) / 2 of ten classes, whole and of Frobenius norm 1."""
    total = np.zeros((len(labels) + len(said),) * 2)
    for c in range(-1, 10):
        here, there = (np.ones(len(own)) if c < 0 else (own == c) * 1.0 for own in (labels, said))
        e = np.concatenate([here / max(here.sum(), 1), -there / max(there.sum(), 1)])
        total += (10 if c < 0 else 1) * np.outer(e, e)
    return total / np.linalg.norm(total)


SIDES: dict[str, Callable[[str], Callable[..., Any]]] = {"skada": skada, "adapt": adapt, "formula": formula}
OF = {
    "tca": ("skada", "adapt"),
    "coral": ("skada", "adapt"),
    "sa": ("skada", "adapt"),
    "gfk": ("formula",),
    "meda": ("formula",),
    "kmm": ("skada", "adapt"),
    "kliep": ("skada", "adapt"),
}
"""Which peers a method has."""


def installed(side: str) -> bool:
    return side == "formula" or importlib.util.find_spec(side) is not None


class _Nothing(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


class Nothing(metaclass=_Nothing):
    """Any class or function of a library that is not there."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        pass


class _Empty(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name.partition(".")[0] in ("tensorflow", "keras", "scikeras"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Empty(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def without_tensorflow() -> None:
    """Let ``import tensorflow`` give empty modules where it is not installed."""
    if importlib.util.find_spec("tensorflow") is None:
        sys.meta_path.append(_Finder())
