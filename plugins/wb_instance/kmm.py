"""Kernel mean matching."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from pydantic import Field

from wb_instance.gaussian import Scaled
from wb_instance.quadratic import factored_minimum, minimum, single_minimum
from wb_instance.reweighting import ReweightingMethod
from wb_instance.weights import ImportanceWeights, centres, median_width, squared_distances
from workbench.data.domains import Problem
from workbench.methods import memory
from workbench.settings import Settings

LANDMARKS = 500

COPIES, SINGLE_COPIES = 3.0, 2.0
"""Peak of a fit over the size of the kernel matrix, as measured: in double precision, and in single alone."""

SINGLE_FROM, SINGLE_UP_TO = 500, 20_000
"""Source examples from which, and up to which, a Gaussian kernel is first taken whole in single precision (1.6 GB)."""

EXACT_UP_TO = 10_000
"""Source examples up to which the kernel is taken whole in double precision (800 MB)."""


class KernelMeanMatching(ImportanceWeights):
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
    landmarks : int
        Nyström landmarks that stand for the kernel; 0 takes it whole up to the sizes above.
    random_state : int
    classifier, target
        As of :class:`ImportanceWeights`.

    Attributes
    ----------
    weights_ : ndarray, shape (n,)
    width_, objective_ : float
    landmarks_ : int
        How many landmarks stood for the kernel; 0 for none.

    References
    ----------
    Huang, Smola, Gretton, Borgwardt & Schölkopf (NIPS 2006), Correcting sample selection bias by unlabeled data,
    eq. 12.
    """

    def __init__(
        self,
        kernel: str = "rbf",
        width: float | None = None,
        bound: float = 1000.0,
        slack: float | None = None,
        landmarks: int = 0,
        random_state: int = 0,
        classifier: Any = None,
        target: Any = None,
    ) -> None:
        super().__init__(classifier, target)
        self.kernel = kernel
        self.width = width
        self.bound = bound
        self.slack = slack
        self.landmarks = landmarks
        self.random_state = random_state

    def _weigh(self, source: Any, target: Any) -> np.ndarray:
        n, m = source.shape[0], target.shape[0]
        self.width_ = self.width or median_width(source, target, self.random_state)
        slack = (np.sqrt(n) - 1) / np.sqrt(n) if self.slack is None else self.slack
        sums = (n * max(0.0, 1 - slack), n * (1 + slack))
        self.landmarks_ = 0
        solution = None if self.landmarks else self._single(source, target, sums)
        if solution is None:
            pull = self._pull(source, target) * (n / m)
            whole = n <= EXACT_UP_TO and not self.landmarks
            solution = self._whole(source, pull, sums) if whole else self._by_landmarks(source, pull, sums)
        weights, self.objective_ = solution
        return weights

    def _single(self, source: Any, target: Any, sums: tuple[float, float]) -> tuple[np.ndarray, float] | None:
        """Weights and objective by the whole kernel in single precision, where that does."""
        n, m = source.shape[0], target.shape[0]
        if self.kernel != "rbf" or hasattr(source, "tocsr") or not SINGLE_FROM <= n <= SINGLE_UP_TO:
            return None
        centre = (source.mean(axis=0) + target.mean(axis=0)) / 2
        own = Scaled.of(source, centre, self.width_)
        pull = own.sums(target, centre, self.width_) if own else None
        if own is None or pull is None:
            return None
        return single_minimum(own.kernel(), pull * (n / m), self.bound, sums)

    def _whole(self, source: Any, pull: np.ndarray, sums: tuple[float, float]) -> tuple[np.ndarray, float]:
        return minimum(self._kernel(source, source), pull, self.bound, sums)

    def _by_landmarks(self, source: Any, pull: np.ndarray, sums: tuple[float, float]) -> tuple[np.ndarray, float]:
        anchors = centres(source, self.landmarks or LANDMARKS, self.random_state)
        self.landmarks_ = anchors.shape[0]
        values, vectors = np.linalg.eigh(self._kernel(anchors, anchors))
        kept = values > values[-1] * 1e-10
        factor = self._kernel(source, anchors) @ (vectors[:, kept] / np.sqrt(values[kept]))
        return factored_minimum(factor, pull, self.bound, sums)

    def _kernel(self, left: Any, right: Any) -> np.ndarray:
        if self.kernel == "linear":
            products = left @ right.T
            return np.asarray(products.toarray() if hasattr(products, "toarray") else products)
        squares = squared_distances(left, right)
        squares *= -0.5 / self.width_**2
        return np.asarray(np.exp(squares, out=squares))

    def _pull(self, source: Any, target: Any) -> np.ndarray:
        """Σ_j k(x_i, z_j), a stretch of the target at a time so that memory stays small.

        In single precision: its rounding, 1e-7 of each kernel value, averages out in the sum.
        """
        source, target = source.astype(np.float32), target.astype(np.float32)
        total = np.zeros(source.shape[0])
        for start in range(0, target.shape[0], 2000):
            total += self._kernel(source, target[start : start + 2000]).sum(axis=1, dtype=np.float64)
        return total


class KMMSettings(Settings):
    """Settings of kernel mean matching, whatever is trained on the weighted source."""

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
    landmarks: int = Field(0, ge=0, le=100_000, description="Nyström landmarks; 0: whole up to 20,000 source examples.")


class KMM(ReweightingMethod):
    """Source examples are weighed so that their mean in a kernel's feature space meets the target's.

    Differs from the paper
    ----------------------
    The width is the median distance unless given. A ridge of 1e-8 of the kernel's diagonal makes the solution
    unique. From 500 source examples on the Gaussian kernel is taken in single precision where it is conditioned well
    enough for that, without a ridge. Beyond 20,000 examples, or beyond 10,000 that need double precision, the kernel
    is taken through 500 Nyström landmarks.

    References
    ----------
    Huang, Smola, Gretton, Borgwardt & Schölkopf (NIPS 2006), Correcting sample selection bias by unlabeled data,
    eq. 12.
    """

    class Params(KMMSettings, ReweightingMethod.Params):
        """Settings."""

    def needs(self, source: Any, target: Any) -> memory.Need | None:
        """The kernel matrix of the source: in double precision, which single may turn out to need, where it may."""
        if self.params.landmarks:
            return None
        n = source.shape[0]
        single = self.params.kernel == "rbf" and not hasattr(source, "tocsr") and n > EXACT_UP_TO
        number = SINGLE_COPIES * memory.DOUBLE / 2 if single else COPIES * memory.DOUBLE
        most = SINGLE_UP_TO if single else EXACT_UP_TO
        wanted = min(LANDMARKS, n - 1)
        return memory.Need(
            f"the whole kernel of {n:,} source examples",
            int(number * n**2),
            {"landmarks": wanted},
            f"{wanted:,} Nyström landmarks stand for it (--landmarks sets how many)",
            int(number * most**2),
        )

    def weigh(self, source: Any, target: Any, problem: Problem) -> tuple[np.ndarray, dict[str, Any]]:
        settings = {name: getattr(self.params, name) for name in ("kernel", "width", "bound", "slack", "landmarks")}
        matching = KernelMeanMatching(**settings, random_state=problem.seed).fit(source, target=target)
        notes: dict[str, Any] = {"width": matching.width_, "objective": matching.objective_}
        if matching.landmarks_:
            notes["landmarks"] = matching.landmarks_
        return matching.weights_, notes
