"""Optimal transport of the source to the target; the library POT solves it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from ot import da
from pydantic import Field
from sklearn.base import OneToOneFeatureMixin

from wb_subspace.linear import LinearMap
from wb_subspace.wide import narrow
from workbench.data.domains import Problem
from workbench.methods import memory
from workbench.methods.estimator import DomainTransformer
from workbench.methods.feature_method import Adapted, FeatureMethod

COPIES = {"exact": 5.5, "entropic": 8.5, "class-regularised": 20.0}
"""Peak of a fit over the size of the plan, as measured."""


class OptimalTransport(OneToOneFeatureMixin, DomainTransformer):
    """Optimal transport as a scikit-learn estimator: the source is moved, the target stays as it is.

    Parameters
    ----------
    plan : {"entropic", "exact", "class-regularised"}
    entropy : float
        Weight of the entropy; costs are divided by their median.
    class_weight : float
        Weight of the regularisation that keeps source classes apart.
    target : matrix, shape (m, d), optional
        The target's examples where ``fit`` is given none.

    Attributes
    ----------
    plan_ : estimator of POT
        With the coupling, shape (n, m), as ``coupling_``.

    References
    ----------
    Courty, Flamary, Tuia & Rakotomamonjy (IEEE TPAMI 2017), Optimal transport for domain adaptation, eq. 12 and 14.
    """

    def __init__(
        self, plan: str = "entropic", entropy: float = 0.1, class_weight: float = 0.1, target: Any = None
    ) -> None:
        self.plan = plan
        self.entropy = entropy
        self.class_weight = class_weight
        self.target = target

    @property
    def needs_labels(self) -> bool:  # type: ignore[override]
        """Only the class-regularised plan looks at labels."""
        return self.plan == "class-regularised"

    def _learn(self, source: np.ndarray, labels: np.ndarray | None, target: np.ndarray) -> np.ndarray:
        places = None if labels is None else np.unique(labels, return_inverse=True)[1]
        self.plan_ = self._solver().fit(Xs=source, ys=places, Xt=target)
        return np.asarray(self.plan_.transform(Xs=source))

    def _solver(self) -> Any:
        if self.plan == "exact":
            return da.EMDTransport(norm="median")
        if self.plan == "entropic":
            return da.SinkhornTransport(reg_e=self.entropy, norm="median")
        if self.plan == "class-regularised":
            return da.SinkhornLpl1Transport(reg_e=self.entropy, reg_cl=self.class_weight, norm="median")
        raise ValueError(f"plan '{self.plan}' is none of exact, entropic and class-regularised")

    def _move(self, features: np.ndarray) -> np.ndarray:
        return features

    def _move_source(self, features: np.ndarray) -> np.ndarray:
        """Source examples of the fit as they were moved, others with the nearest of them."""
        return np.asarray(self.plan_.transform(Xs=features))


class OT(FeatureMethod):
    """Source examples are moved to the target at the least total cost, then the classifier is trained on them.

    Each source example becomes the weighted mean of the target examples to which its mass is moved. Target
    examples, seen or unseen, stay as they are.

    Differs from the paper
    ----------------------
    Costs, squared distances, are divided by their median. ``--plan class-regularised`` has the regularisation of the
    same authors' first paper (ECML 2014), the root of each class's mass, rather than the group lasso of the later one.
    Sparse features are brought to 500 singular directions first.

    References
    ----------
    Courty, Flamary, Tuia & Rakotomamonjy (IEEE TPAMI 2017), Optimal transport for domain adaptation, eq. 12 and 14.
    Courty, Flamary & Tuia (ECML 2014), Domain adaptation with regularized optimal transport.
    Flamary et al. (JMLR 2021), POT: Python optimal transport.
    """

    class Params(FeatureMethod.Params):
        """Settings."""

        plan: Literal["exact", "entropic", "class-regularised"] = Field(
            "entropic", description="Exact, smoothed by entropy, or smoothed and keeping source classes apart."
        )
        entropy: float = Field(0.1, gt=0, le=1e6, description="Weight of the entropy; costs have a median of 1.")
        class_weight: float = Field(0.1, gt=0, le=1e6, description="Weight of the class regularisation.")

    own_classifier = "1nn"

    def needs(self, source: Any, target: Any) -> memory.Need:
        """Costs and plan: a number for each pair of a source and a target example, several times."""
        pairs = source.shape[0] * target.shape[0]
        return memory.Need(
            f"the transport plan of {source.shape[0]:,} × {target.shape[0]:,} examples",
            int(COPIES[self.params.plan] * memory.DOUBLE * pairs),
            chosen="give fewer examples, e.g. --source-size, or raise WB_MEMORY",
        )

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        wide, source, target = narrow(source, target, problem.seed)
        transport = OptimalTransport(self.params.plan, self.params.entropy, self.params.class_weight)
        moved = transport.fit_transform(source, labels, target=target)
        return Adapted(moved, wide.before(LinearMap(np.eye(target.shape[1]))), notes=wide.notes)
