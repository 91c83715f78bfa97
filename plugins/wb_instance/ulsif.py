"""Least-squares importance fitting, unconstrained and relative."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from wb_instance.kliep import WIDTHS
from wb_instance.reweighting import ReweightingMethod
from wb_instance.weights import ImportanceWeights, centres, median_width, squared_distances
from workbench.data.domains import Problem
from workbench.settings import Settings

RIDGES = (0.001, 0.01, 0.1, 1.0, 10.0)
FOLDS = 5


class LeastSquaresImportance(ImportanceWeights):
    """Density ratio w(x) = Σ_l θ_l k(x, c_l) of least squared error, θ = (H + λ I)⁻¹ h (eq. 13 of Kanamori et al.).

    With ``relative`` = β the ratio is p_T / (β p_T + (1 − β) p_S), which never exceeds 1 / β.

    Parameters
    ----------
    relative : float
        β; 0 is uLSIF.
    width, ridge : float, optional
        Chosen together if None: by the closed form of leave-one-out for uLSIF, by five folds for RuLSIF.
    centres : int
        Kernel centres, drawn from the target.
    random_state : int
    classifier, target
        As of :class:`ImportanceWeights`.

    Attributes
    ----------
    weights_ : ndarray, shape (n,)
    width_, ridge_ : float

    References
    ----------
    Kanamori, Hido & Sugiyama (JMLR 2009), A least-squares approach to direct importance estimation, eq. 13.
    """

    def __init__(
        self,
        relative: float = 0.0,
        width: float | None = None,
        ridge: float | None = None,
        centres: int = 100,
        random_state: int = 0,
        classifier: Any = None,
        target: Any = None,
    ) -> None:
        super().__init__(classifier, target)
        self.relative = relative
        self.width = width
        self.ridge = ridge
        self.centres = centres
        self.random_state = random_state

    def _weigh(self, source: Any, target: Any) -> np.ndarray:
        middle = centres(target, self.centres, self.random_state)
        of_source, of_target = squared_distances(source, middle), squared_distances(target, middle)
        median = median_width(source, target, self.random_state)
        widths = [self.width] if self.width else [share * median for share in WIDTHS]
        ridges = [self.ridge] if self.ridge else list(RIDGES)
        best = (np.inf, widths[0], ridges[0])
        if len(widths) * len(ridges) > 1:
            for width in widths:
                on_source, on_target = (np.exp(-0.5 * d / width**2) for d in (of_source, of_target))
                for ridge in ridges:
                    best = min(best, (self._score(on_source, on_target, ridge), width, ridge))
        _, self.width_, self.ridge_ = best
        on_source, on_target = (np.exp(-0.5 * d / self.width_**2) for d in (of_source, of_target))
        self.coefficients_ = np.maximum(least_squares(on_source, on_target, self.ridge_, self.relative), 0.0)
        return np.asarray(on_source @ self.coefficients_)

    def _score(self, on_source: np.ndarray, on_target: np.ndarray, ridge: float) -> float:
        if self.relative == 0:
            n = min(len(on_source), len(on_target))
            return leave_one_out(on_source[:n], on_target[:n], ridge) if n > 2 else np.inf
        generator = np.random.default_rng(self.random_state)
        folds = [generator.permutation(len(x)) % FOLDS for x in (on_source, on_target)]
        scores = []
        for k in range(FOLDS):
            train = [x[fold != k] for x, fold in zip((on_source, on_target), folds, strict=True)]
            test = [x[fold == k] for x, fold in zip((on_source, on_target), folds, strict=True)]
            if min(len(part) for part in (*train, *test)) == 0:
                return np.inf
            coefficients = least_squares(train[0], train[1], ridge, self.relative)
            at_source, at_target = test[0] @ coefficients, test[1] @ coefficients
            mixed = self.relative * np.mean(at_target**2) + (1 - self.relative) * np.mean(at_source**2)
            scores.append(mixed / 2 - at_target.mean())
        return float(np.mean(scores))


class RelativeLeastSquaresImportance(LeastSquaresImportance):
    """:class:`LeastSquaresImportance` relative to a mixture of which the target is a tenth, unless told otherwise.

    References
    ----------
    Yamada, Suzuki, Kanamori, Hachiya & Sugiyama (NIPS 2011), Relative density-ratio estimation for robust
    distribution comparison, eq. 4.
    """

    def __init__(
        self,
        relative: float = 0.1,
        width: float | None = None,
        ridge: float | None = None,
        centres: int = 100,
        random_state: int = 0,
        classifier: Any = None,
        target: Any = None,
    ) -> None:
        super().__init__(relative, width, ridge, centres, random_state, classifier, target)


def least_squares(on_source: np.ndarray, on_target: np.ndarray, ridge: float, relative: float = 0.0) -> np.ndarray:
    """θ (L,) of kernel values (n, L) and (m, L) with the centres."""
    matrix = (1 - relative) * on_source.T @ on_source / len(on_source)
    if relative:
        matrix += relative * on_target.T @ on_target / len(on_target)
    matrix[np.diag_indices(len(matrix))] += ridge
    return np.linalg.solve(matrix, on_target.mean(axis=0))


def leave_one_out(on_source: np.ndarray, on_target: np.ndarray, ridge: float) -> float:
    """Mean over i of ½ w(x_i)² − w(z_i) with θ ≥ 0 fitted without the i-th of n source and n target examples.

    By one inverse and a rank-one change for each i (Kanamori et al., section 4.2).
    """
    n = len(on_source)
    matrix = on_source.T @ on_source / n
    matrix[np.diag_indices(len(matrix))] += ridge * (n - 1) / n
    total = on_target.sum(axis=0)
    solved = np.linalg.solve(matrix, np.column_stack([total, on_source.T, on_target.T]))
    whole, of_source, of_target = solved[:, :1], solved[:, 1 : n + 1], solved[:, n + 1 :]
    room = n - np.einsum("il,li->i", on_source, of_source)
    right = whole - of_target
    without = right + of_source * (np.einsum("il,li->i", on_source, right) / room)
    coefficients = np.maximum((n - 1) / n * without / (n - 1), 0.0)
    at_source, at_target = (np.einsum("il,li->i", x, coefficients) for x in (on_source, on_target))
    return float(np.mean(at_source**2 / 2 - at_target))


class ULSIFSettings(Settings):
    """Settings of the density ratio of least squares, whatever is trained on the weighted source."""

    width: float | None = Field(None, gt=0, le=1e9, description="Width of the kernel; chosen by leave-one-out.")
    ridge: float | None = Field(None, gt=0, le=1e9, description="λ; chosen with the width.")
    centres: int = Field(100, ge=1, le=10_000, description="Kernel centres, drawn from the target.")


class ULSIF(ReweightingMethod):
    """Source examples are weighed by a density ratio fitted by least squares in closed form.

    Differs from the paper
    ----------------------
    Width and ridge are chosen among multiples of the median distance and powers of ten, by leave-one-out over as many
    examples as the smaller domain has.

    References
    ----------
    Kanamori, Hido & Sugiyama (JMLR 2009), A least-squares approach to direct importance estimation, eq. 13.
    """

    class Params(ULSIFSettings, ReweightingMethod.Params):
        """Settings."""

    def weigh(self, source: Any, target: Any, problem: Problem) -> tuple[np.ndarray, dict[str, Any]]:
        estimator = LeastSquaresImportance(
            self.relative(), self.params.width, self.params.ridge, self.params.centres, problem.seed
        ).fit(source, target=target)
        return estimator.weights_, {"width": estimator.width_, "ridge": estimator.ridge_}

    def relative(self) -> float:
        """β of the mixture that the ratio is relative to."""
        return 0.0


class RULSIF(ULSIF):
    """As uLSIF, relative to a mixture of both domains, so that no weight exceeds 1 / β.

    Differs from the paper
    ----------------------
    Width and ridge are chosen, by five folds, among multiples of the median distance and powers of ten. Negative
    coefficients count as 0, as uLSIF's do.

    References
    ----------
    Yamada, Suzuki, Kanamori, Hachiya & Sugiyama (NIPS 2011), Relative density-ratio estimation for robust
    distribution comparison, eq. 4.
    """

    class Params(ULSIF.Params):
        """Settings."""

        beta: float = Field(0.1, gt=0, lt=1, description="Share of the target in the mixture.")

    def relative(self) -> float:
        return float(self.params.beta)
