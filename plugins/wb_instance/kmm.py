"""Kernel mean matching."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import Field
from sklearn.base import BaseEstimator

from wb_instance.quadratic import EXACT_UP_TO, factored_minimum, minimum
from wb_instance.reweighting import ReweightingMethod, centres, median_width, squared_distances
from workbench.domains import Problem

LANDMARKS = 500


class KernelMeanMatching(BaseEstimator):
    """Weights w under which the source's mean in a kernel's feature space meets the target's.

    min ½ wᵀ K w − κᵀ w  with  0 ≤ w ≤ B  and  |Σ w − n| ≤ n ε,  κ_i = n/m Σ_j k(x_i, z_j)   (eq. 12)

    Parameters
    ----------
    kernel : {"rbf", "linear"}
    width : float, optional
        Of exp(−‖x − y‖² / (2 width²)); the median distance if None.
    bound : float
        B.
    slack : float, optional
        ε; (√n − 1) / √n if None.
    random_state : int

    Attributes
    ----------
    weights_ : ndarray, shape (n,)
    objective_ : float
    landmarks_ : int
        How many landmarks stood for the kernel; 0 for none.
    """

    def __init__(
        self,
        kernel: str = "rbf",
        width: float | None = None,
        bound: float = 1000.0,
        slack: float | None = None,
        random_state: int = 0,
    ) -> None:
        self.kernel = kernel
        self.width = width
        self.bound = bound
        self.slack = slack
        self.random_state = random_state

    def fit(self, source: Any, target: Any) -> Self:
        n, m = source.shape[0], target.shape[0]
        self.width_ = self.width or median_width(source, target, self.random_state)
        slack = (np.sqrt(n) - 1) / np.sqrt(n) if self.slack is None else self.slack
        sums = (n * max(0.0, 1 - slack), n * (1 + slack))
        pull = self._pull(source, target) * (n / m)
        self.landmarks_ = 0
        if n <= EXACT_UP_TO:
            matrix = self._kernel(source, source)
            self.weights_, self.objective_ = minimum(matrix, pull, self.bound, sums)
            return self
        anchors = centres(source, LANDMARKS, self.random_state)
        self.landmarks_ = anchors.shape[0]
        values, vectors = np.linalg.eigh(self._kernel(anchors, anchors))
        kept = values > values[-1] * 1e-10
        factor = self._kernel(source, anchors) @ (vectors[:, kept] / np.sqrt(values[kept]))
        self.weights_, self.objective_ = factored_minimum(factor, pull, self.bound, sums)
        return self

    def _kernel(self, left: Any, right: Any) -> np.ndarray:
        if self.kernel == "linear":
            products = left @ right.T
            return np.asarray(products.toarray() if hasattr(products, "toarray") else products)
        found = squared_distances(left, right)
        found *= -0.5 / self.width_**2
        return np.asarray(np.exp(found, out=found))

    def _pull(self, source: Any, target: Any) -> np.ndarray:
        """Σ_j k(x_i, z_j), a stretch of the target at a time so that memory stays small.

        In single precision: its rounding, 1e-7 of each kernel value, averages out in the sum.
        """
        source, target = source.astype(np.float32), target.astype(np.float32)
        total = np.zeros(source.shape[0])
        for start in range(0, target.shape[0], 2000):
            total += self._kernel(source, target[start : start + 2000]).sum(axis=1, dtype=np.float64)
        return total


class KMM(ReweightingMethod):
    """Source examples are weighed so that their mean in a kernel's feature space meets the target's.

    Differs from the paper
    ----------------------
    The width is the median distance unless given. A ridge of 1e-8 of the kernel's diagonal makes the solution
    unique. Beyond 10,000 source examples the kernel is taken through 500 Nyström landmarks.

    References
    ----------
    Huang, Smola, Gretton, Borgwardt & Schölkopf (NIPS 2006), Correcting sample selection bias by unlabeled data,
    eq. 12.
    """

    class Params(ReweightingMethod.Params):
        """Settings."""

        kernel: Literal["rbf", "linear"] = Field("rbf", description="Kernel.")
        width: float | None = Field(None, gt=0, le=1e9, description="Width of the RBF kernel; the median distance.")
        bound: float = Field(
            1000.0,
            gt=0,
            le=1e9,
            description="B, the largest weight.",
            json_schema_extra={"source": "Huang et al. 2006"},
        )
        slack: float | None = Field(None, ge=0, le=1e9, description="ε of the weights' mean; (√n − 1) / √n.")

    def weigh(self, source: Any, target: Any, problem: Problem) -> tuple[np.ndarray, dict[str, Any]]:
        settings = {name: getattr(self.params, name) for name in ("kernel", "width", "bound", "slack")}
        matching = KernelMeanMatching(**settings, random_state=problem.seed).fit(source, target)
        notes: dict[str, Any] = {"width": matching.width_, "objective": matching.objective_}
        if matching.landmarks_:
            notes["landmarks"] = matching.landmarks_
        return matching.weights_, notes
