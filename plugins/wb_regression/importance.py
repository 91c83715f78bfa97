"""Importance-weighted ridge regression: the weights are those of the reweighting methods."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

from wb_instance.kmm import KMM, KMMSettings
from wb_instance.reweighting import ReweightingMethod, weighted
from wb_instance.ulsif import ULSIF, ULSIFSettings
from wb_regression.ridge import RidgeMethod
from workbench.data.domains import Problem
from workbench.methods import memory
from workbench.methods.feature_method import Adapted


class ImportanceRidge(RidgeMethod):
    """Base: a subclass names the reweighting method that gives each source example its weight."""

    several_sources = (
        "pooled and weighed together: a source that is unlike the target loses its say; the record keeps each one's "
        "share of all weights"
    )

    @abstractmethod
    def weighting(self) -> ReweightingMethod:
        """The reweighting method, with the settings that it shares with this one."""

    def needs(self, source: Any, target: Any) -> memory.Need | None:
        return self.weighting().needs(source, target)

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        return weighted(source, target, *self.weighting().weigh(source, target, problem), problem)


class KMMRidge(ImportanceRidge):
    """Ridge regression on source examples that are weighed by kernel mean matching.

    A straight line cannot follow a curve; weighted, it is best where the target lies.

    Differs from the paper
    ----------------------
    As ``kmm`` for classification: the same weights. A ridge regression is trained, with a penalty that does not
    depend on the number of examples.

    References
    ----------
    Huang, Smola, Gretton, Borgwardt & Schölkopf (NIPS 2006), Correcting sample selection bias by unlabeled data,
    eq. 12 and section 4.1; Shimodaira (2000), Improving predictive inference under covariate shift by weighting the
    log-likelihood function.
    """

    class Params(KMMSettings, RidgeMethod.Params):
        """Settings."""

    def weighting(self) -> ReweightingMethod:
        return KMM(KMM.Params(**self.params.shared_with(KMM.Params)))


class ULSIFRidge(ImportanceRidge):
    """Ridge regression on source examples that are weighed by a density ratio fitted by least squares.

    Differs from the paper
    ----------------------
    As ``ulsif`` for classification: the same weights.

    References
    ----------
    Kanamori, Hido & Sugiyama (JMLR 2009), A least-squares approach to direct importance estimation, eq. 13;
    Shimodaira (2000), Improving predictive inference under covariate shift by weighting the log-likelihood function.
    """

    class Params(ULSIFSettings, RidgeMethod.Params):
        """Settings."""

    def weighting(self) -> ReweightingMethod:
        return ULSIF(ULSIF.Params(**self.params.shared_with(ULSIF.Params)))
