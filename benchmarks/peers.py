"""The peers that the classical methods are measured beside: skada, adapt, and a formula written out as published.

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
    """GFK as its paper writes it: whole bases of both domains, and G with d × d entries (Gong et al. 2012, eq. 6)."""

    def fit(x: np.ndarray, y: np.ndarray, z: np.ndarray, k: int = 20) -> Any:
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

    if name != "gfk":
        raise ImportError(f"no formula of {name}")
    return fit


SIDES: dict[str, Callable[[str], Callable[..., Any]]] = {"skada": skada, "adapt": adapt, "formula": formula}
OF = {
    "tca": ("skada", "adapt"),
    "coral": ("skada", "adapt"),
    "sa": ("skada", "adapt"),
    "gfk": ("formula",),
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
