"""The small network on the source alone, and with the batch statistics of the target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from wb_deep.bodies.model import preparation
from workbench.data.domains import Domain, Problem
from workbench.data.inputs import concatenate, kind_of
from workbench.methods.featurizers import choose, new_featurizer
from workbench.progress import Progress

if TYPE_CHECKING:
    from wb_deep.bodies.contract import Preparation
    from wb_deep.training.options import Training
from wb_deep.methods.base import DeepMethod, EngineParams


class NetworkParams(EngineParams):
    """Settings that every deep method shares with its baseline."""

    epochs: int = Field(15, ge=1, le=10_000, description="Passes over the larger domain.")
    batch_size: int = Field(64, ge=2, le=4096, description="Examples of each domain in a step.")
    optimiser: Literal["adam", "sgd"] = Field("adam", description="Adam, or gradient descent with momentum 0.9.")
    rate: float = Field(1e-3, gt=0, le=1, description="Step size; for sgd 0.01 is that of the papers.")
    schedule: Literal["constant", "inverse", "linear"] = Field(
        "constant", description="Of the step size: constant, (1 + 10 p)^−0.75 as in the papers, or up and down to 0."
    )
    features: str = Field(
        "auto", description="Featurizer, e.g. cnn:efficientnet-lite0; auto: embedding for texts, else what is given."
    )


class SourceNetwork(DeepMethod):
    """A small network trained on the labelled source alone: a LeNet for images, a perceptron for vectors and texts.

    Texts are the vectors of a frozen sentence encoder. The last epoch is kept. Nothing of the target is used, not
    even its batch-norm statistics.
    """

    class Params(NetworkParams):
        """Settings of the training."""

    def prepare(self, source: Domain, problem: Problem, progress: Progress) -> Preparation:
        name = self.params.features
        if name == "auto":
            name = "embedding" if kind_of(source.inputs) == "texts" else "raw"
        elif name != "raw":
            name = choose(name, source.inputs, self.host)
        featurizer = new_featurizer(name, self.host)
        if featurizer is not None:
            progress.update(0.0, f"{name} features")
            featurizer.fit(concatenate([source.inputs, problem.target.inputs]))
        kind: Any = preparation("wb_deep.bodies.small:Numbers")
        found: Preparation = kind(featurizer, getattr(self.params, "standardise", "source"))
        return found

    def training(self) -> Training:
        from wb_deep.training.options import Training

        p = self.params
        return Training(p.epochs, p.batch_size, p.rate, schedule=p.schedule, optimiser=p.optimiser)


class AdaBN(SourceNetwork):
    """The source's network with batch-norm statistics of the target: a free baseline that every method must beat.

    References
    ----------
    Li, Wang, Shi, Hou & Liu (Pattern Recognition 2018), Adaptive batch normalization.
    """

    target_statistics = True
