"""Optimal transport of the source to the target; the library POT solves it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from ot import da
from pydantic import Field

from wb_subspace.linear import LinearMap
from wb_subspace.wide import narrow
from workbench.data.domains import Problem
from workbench.methods import memory
from workbench.methods.feature_method import Adapted, FeatureMethod

COPIES = {"exact": 5.5, "entropic": 8.5, "class-regularised": 20.0}
"""Peak of a fit over the size of the plan, as measured."""


class OT(FeatureMethod):
    """Source examples are moved to the target at the least total cost, then the classifier is trained on them.

    Each source example becomes the weighted mean of the target examples to which its mass is moved. Target
    examples, seen or unseen, stay as they are.

    References
    ----------
    Courty, Flamary, Tuia & Rakotomamonjy (IEEE TPAMI 2017), Optimal transport for domain adaptation, eq. 12 and 14.
    Flamary et al. (JMLR 2021), POT: Python optimal transport.
    """

    class Params(FeatureMethod.Params):
        """Settings."""

        classifier: str = Field("1nn", description="Classifier of the moved source.")
        plan: Literal["exact", "entropic", "class-regularised"] = Field(
            "entropic", description="Exact, smoothed by entropy, or smoothed and keeping source classes apart."
        )
        entropy: float = Field(0.1, gt=0, le=1e6, description="Weight of the entropy; costs have a median of 1.")
        class_weight: float = Field(0.1, gt=0, le=1e6, description="Weight of the class regularisation.")

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
        plans = {
            "exact": lambda: da.EMDTransport(norm="median"),
            "entropic": lambda: da.SinkhornTransport(reg_e=self.params.entropy, norm="median"),
            "class-regularised": lambda: da.SinkhornLpl1Transport(
                reg_e=self.params.entropy, reg_cl=self.params.class_weight, norm="median"
            ),
        }
        plan = plans[self.params.plan]().fit(Xs=source, ys=labels, Xt=target)
        identity = LinearMap(np.eye(target.shape[1]))
        return Adapted(np.asarray(plan.transform(Xs=source)), wide.before(identity), notes=wide.notes)
