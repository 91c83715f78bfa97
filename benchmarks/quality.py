"""How good the measured fits are, by the same yardstick for ours and for the peers'."""

from __future__ import annotations

from typing import Any

import numpy as np
import peers

LARGEST = 4000
"""Largest n at which the fits are judged, with kernels of n × n."""


def note(name: str, fitted: Any, x: np.ndarray, z: np.ndarray) -> str:
    """What the table says of a fit, or nothing."""
    if name == "jda, 10 rounds":
        return pseudo_labels(fitted)
    found = {"kmm": objective, "kliep": likelihood, "sa": kept_variance}.get(name)
    return found(fitted, x, z) if found and len(x) <= LARGEST else ""


def objective(fitted: Any, x: np.ndarray, z: np.ndarray) -> str:
    """½ wᵀ K w − κᵀ w by the kernel in double precision, over n²; the lower, the better."""
    from sklearn.metrics.pairwise import rbf_kernel

    weights = first(fitted, "source_weights_", "weights_")
    kernel, pull = rbf_kernel(x, x, peers.GAMMA), rbf_kernel(x, z, peers.GAMMA).sum(axis=1) * len(x) / len(z)
    return f"objective {(weights @ kernel @ weights / 2 - pull @ weights) / len(x) ** 2:.7f}"


def likelihood(fitted: Any, x: np.ndarray, z: np.ndarray) -> str:
    """Mean log-ratio of the target, the ratio's mean over the source being 1; the higher, the better."""
    from sklearn.metrics.pairwise import rbf_kernel

    from wb_instance.weights import centres

    share = np.ravel(first(fitted, "coefficients_", "alphas_", "alpha_"))
    middle = fitted.centers_ if hasattr(fitted, "centers_") else centres(z, fitted.centres, fitted.random_state)
    on_source, on_target = (rbf_kernel(domain, middle, peers.GAMMA) for domain in (x, z))
    return f"log-likelihood {np.log(on_target @ share).mean() - np.log((on_source @ share).mean()):.5f}"


def kept_variance(fitted: Any, x: np.ndarray, z: np.ndarray) -> str:
    """Share of the target's variance along its 50 principal directions that those found keep."""
    basis = fitted.target_map_.weights if hasattr(fitted, "target_map_") else principal(fitted).components_.T
    covariance = np.cov(z.T)
    best = np.linalg.eigvalsh(covariance)[-basis.shape[1] :].sum()
    return f"variance kept {np.trace(basis.T @ covariance @ basis) / best:.6f}"


def principal(fitted: Any) -> Any:
    return first(fitted, "pca_target_", "pca_tgt_")


def pseudo_labels(fitted: Any) -> str:
    return f"pseudo labels {fitted.share_of_pseudo_labels_:.2f} s of it"


def first(fitted: Any, *names: str) -> Any:
    """The attribute of the first of ``names`` that is there."""
    return next(getattr(fitted, name) for name in names if hasattr(fitted, name))
