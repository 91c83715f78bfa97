"""Balanced distribution adaptation, its dynamic balance, and its class-weighted form."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from wb_distribution import contrasts
from wb_distribution.balance import balance
from wb_distribution.jda import JDA, JointDistributionAdaptation


class BalancedDistributionAdaptation(JointDistributionAdaptation):
    """BDA as a scikit-learn estimator.

    Parameters beyond those of :class:`JointDistributionAdaptation`
    ---------------------------------------------------------------
    mu : float, optional
        Balance factor: 0 is the marginal distribution alone, 1 the conditional. If None it is estimated in every
        round, and 1 for the weighted form.
    weighted : bool
        Whether each class's target mean counts by the class's share in the target over its share in the source.

    Attributes
    ----------
    balance_ : list of float
        μ of every round after the first.

    References
    ----------
    Wang, Chen, Hao, Feng & Shen (ICDM 2017), Balanced distribution adaptation for transfer learning, eq. 7 and 12.
    """

    def __init__(
        self,
        components: int = 100,
        regularisation: float = 1.0,
        kernel: str = "linear",
        gamma: float = 1.0,
        landmarks: int = 0,
        unit_rows: bool = True,
        random_state: int = 0,
        iterations: int = 10,
        classifier: Any = None,
        mu: float | None = None,
        weighted: bool = False,
        target: Any = None,
    ) -> None:
        shared = (components, regularisation, kernel, gamma, landmarks, unit_rows, random_state)
        super().__init__(*shared, iterations, classifier, target)
        self.mu = mu
        self.weighted = weighted

    def _learn(self, source: Any, labels: Any, target: Any) -> np.ndarray:
        embedded = super()._learn(source, labels, target)
        for step, mu in zip(self.trace_, [0.0, *self.balance_], strict=True):
            step["mu"] = mu
        return embedded

    def contrasts(self, pseudo: np.ndarray | None, source: np.ndarray, target: np.ndarray) -> np.ndarray:
        """(1 − μ) M₀ + μ Σ M_c (eq. 7); the first round, without pseudo labels, has M₀ alone."""
        if pseudo is None:
            self.balance_: list[float] = []
            return contrasts.normalised(contrasts.marginal(*self.sizes_))
        mu = self.mu
        if mu is None:
            mu = 1.0 if self.weighted else balance(source, self.labels_, target, pseudo)
        self.balance_.append(float(mu))
        own = contrasts.conditional(self.labels_, pseudo, self.classes_)
        if self.weighted:
            own[self.sizes_[0] :] *= contrasts.class_shares(self.labels_, pseudo, self.classes_)
        whole = np.sqrt(len(self.classes_)) * contrasts.marginal(*self.sizes_)
        return contrasts.normalised(np.hstack([np.sqrt(1 - mu) * whole, np.sqrt(mu) * own]))


class BDA(JDA):
    """JDA with the balance of marginal and conditional distribution set or estimated.

    The dynamic balance (dynamic distribution adaptation, DDA) is the default: μ from A-distances in every round.

    Differs from the paper
    ----------------------
    As JDA does; μ is estimated by the formula of the same authors' MEDA, with a ridge classifier, rather than
    searched for on labels. The weighted form is that of the authors' code: the mean of a class in the target counts by
    the ratio of its shares, and μ is 1; eq. 12 gives the mean of each domain the root of its own share.

    References
    ----------
    Wang, Chen, Hao, Feng & Shen (ICDM 2017), Balanced distribution adaptation for transfer learning, eq. 7 and 12.
    Wang, Chen, Feng, Yu, Huang & Yang (ACM TIST 2020), Transfer learning with dynamic distribution adaptation.
    """

    class Params(JDA.Params):
        """Settings."""

        mu: float | None = Field(None, ge=0, le=1, description="Balance factor; estimated when it is not given.")
        weighted: bool = Field(
            False, description="Weigh the classes by their shares (W-BDA); μ is then 1 unless given."
        )

    estimator = BalancedDistributionAdaptation

    def own_settings(self) -> dict[str, Any]:
        return {"mu": self.params.mu, "weighted": self.params.weighted}
