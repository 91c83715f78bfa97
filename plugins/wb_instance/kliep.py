"""The Kullback–Leibler importance estimation procedure."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from wb_instance.reweighting import ReweightingMethod
from wb_instance.weights import ImportanceWeights, centres, median_width, squared_distances
from workbench.data.domains import Problem

WIDTHS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)
"""Of the median distance: what the kernel's width is chosen from."""

VALIDATED = 1000
"""Target examples, at most, on which widths are compared."""

CAREFUL = 1e-4
"""Tolerance of the fits that only compare widths."""

TINY = 1e-300

FAINTEST = 1e-12
"""Share of the largest mean below which a centre's mean kernel value over the source is not believed."""

RIDGE = 1e-10
MOST_STEPS, MOST_HALVINGS = 100, 30


class KullbackLeiblerImportance(ImportanceWeights):
    """Density ratio w(x) = Σ_l α_l k(x, c_l), α ≥ 0, of greatest likelihood on the target (eq. 5).

    Parameters
    ----------
    width : float, optional
        Of the kernel; chosen by likelihood cross-validation on the target (section 3.2) if None.
    centres : int
        Kernel centres, drawn from the target.
    folds : int
        Of the cross-validation.
    random_state : int
    classifier, target
        As of :class:`ImportanceWeights`.

    Attributes
    ----------
    weights_ : ndarray, shape (n,)
        Of the source; their mean is 1.
    width_ : float
    likelihood_ : float
        The mean log-ratio over the target.

    References
    ----------
    Sugiyama, Nakajima, Kashima, von Bünau & Kawanabe (NIPS 2007), Direct importance estimation with model selection
    and its application to covariate shift adaptation, eq. 5.
    """

    def __init__(
        self,
        width: float | None = None,
        centres: int = 100,
        folds: int = 5,
        random_state: int = 0,
        classifier: Any = None,
        target: Any = None,
    ) -> None:
        super().__init__(classifier, target)
        self.width = width
        self.centres = centres
        self.folds = folds
        self.random_state = random_state

    def _weigh(self, source: Any, target: Any) -> np.ndarray:
        middle = centres(target, self.centres, self.random_state)
        of_source, of_target = squared_distances(source, middle), squared_distances(target, middle)
        self.width_ = self.width or self._choose(of_source, of_target, median_width(source, target, self.random_state))
        on_source, on_target = (np.exp(-0.5 * d / self.width_**2) for d in (of_source, of_target))
        self.coefficients_ = greatest_likelihood(on_target, on_source.mean(axis=0))
        self.likelihood_ = float(np.mean(np.log(np.maximum(on_target @ self.coefficients_, TINY))))
        return np.asarray(on_source @ self.coefficients_)

    def _choose(self, of_source: np.ndarray, of_target: np.ndarray, median: float) -> float:
        order = np.random.default_rng(self.random_state).permutation(len(of_target))[:VALIDATED]
        parts = np.array_split(order, min(self.folds, len(of_target)))
        scores = [self._validated(of_source, of_target, parts, share * median) for share in WIDTHS]
        return WIDTHS[int(np.argmax(scores))] * median

    def _validated(self, of_source: np.ndarray, of_target: np.ndarray, parts: list[np.ndarray], width: float) -> float:
        """Mean log-ratio of held-out target examples."""
        means = np.exp(-0.5 * of_source / width**2).mean(axis=0)
        on_target = np.exp(-0.5 * of_target / width**2)
        scores = []
        for part in parts:
            rest = np.setdiff1d(np.concatenate(parts), part)
            coefficients = greatest_likelihood(on_target[rest if len(rest) else part], means, CAREFUL)
            scores.append(np.log(np.maximum(on_target[part] @ coefficients, TINY)).mean())
        return float(np.mean(scores))


def greatest_likelihood(on_target: np.ndarray, means: np.ndarray, tolerance: float = 1e-9) -> np.ndarray:
    """α ≥ 0 that maximises mean log(Φ α) − bᵀ α, whose maximum has bᵀ α = 1 of itself.

    Scaling α by s adds log s − (s − 1) bᵀ α, so that the maximum over s is at bᵀ α = 1: the constraint needs no
    multiplier. This is the estimation of a mixture's shares α b, solved by sequential quadratic programmes with
    non-negative least squares inside (Kim, Carbonetto, Stephens & Anitescu 2020): a handful of steps.

    Parameters
    ----------
    on_target : ndarray, shape (m, L)
        Φ, kernel values of target examples with the centres.
    means : ndarray, shape (L,)
        b, the mean kernel values over the source.
    """
    scale = np.maximum(means, FAINTEST * max(means.max(), TINY))
    scaled = on_target / scale
    shares = np.full(len(means), 1 / len(means))
    ratio = np.maximum(scaled @ shares, TINY)
    loss = 1 - np.log(ratio).mean()
    for _ in range(MOST_STEPS):
        relative = scaled / ratio[:, None]
        gradient = 1 - relative.mean(axis=0)
        if np.abs(np.minimum(shares, gradient)).max() <= tolerance:
            break
        step = _quadratic_minimum(relative, 2 * gradient - 1) - shares
        slope, length = float(gradient @ step), 1.0
        for _ in range(MOST_HALVINGS):
            following = shares + length * step
            ratio = np.maximum(scaled @ following, TINY)
            reached = following.sum() - np.log(ratio).mean()
            if reached <= loss + 0.1 * length * slope:
                break
            length /= 2
        if slope >= 0 or reached >= loss:
            break
        shares, loss = following, reached
    return np.asarray(shares / max(shares.sum(), TINY) / scale)


def _quadratic_minimum(relative: np.ndarray, linear: np.ndarray) -> np.ndarray:
    """The x ≥ 0 of the loss's second-order expansion: min ½ mean (R x)² + ``linear``ᵀ x.

    R (m, L) holds each component's ratio over the present one. By non-negative least squares on the Cholesky factor,
    in units in which the diagonal is 1.
    """
    from scipy.linalg import cholesky, solve_triangular
    from scipy.optimize import nnls

    curvature = relative.T @ relative / len(relative)
    unit = 1 / np.sqrt(np.maximum(curvature.diagonal(), TINY))
    curvature *= unit[:, None] * unit
    curvature[np.diag_indices(len(unit))] = 1 + RIDGE
    factor = cholesky(curvature, check_finite=False)
    right = solve_triangular(factor, -linear * unit, trans=1, check_finite=False)
    return np.asarray(nnls(factor, right, maxiter=100 * len(unit))[0] * unit)


class KLIEP(ReweightingMethod):
    """Source examples are weighed by a density ratio, a sum of kernels, that makes the target most likely.

    Differs from the paper
    ----------------------
    Sequential quadratic programmes rather than gradient ascent; the width is chosen among multiples of the median
    distance, on 1,000 target examples at most.

    References
    ----------
    Sugiyama, Nakajima, Kashima, von Bünau & Kawanabe (NIPS 2007), Direct importance estimation with model selection
    and its application to covariate shift adaptation, eq. 5.
    """

    class Params(ReweightingMethod.Params):
        """Settings."""

        width: float | None = Field(None, gt=0, le=1e9, description="Width of the kernel; chosen by cross-validation.")
        centres: int = Field(100, ge=1, le=10_000, description="Kernel centres, drawn from the target.")

    def weigh(self, source: Any, target: Any, problem: Problem) -> tuple[np.ndarray, dict[str, Any]]:
        estimator = KullbackLeiblerImportance(self.params.width, self.params.centres, random_state=problem.seed)
        estimator.fit(source, target=target)
        return estimator.weights_, {"width": estimator.width_, "likelihood": estimator.likelihood_}
