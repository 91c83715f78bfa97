"""A small network that needs no download: a LeNet for images, a perceptron for vectors and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from wb_deep.bodies.body import BATCH_NORM, Body, EngineParams
from wb_deep.bodies.model import torch_or_advice
from workbench.data.domains import Domain, Problem
from workbench.data.inputs import concatenate, kind_of
from workbench.methods.featurizers import choose, new_featurizer
from workbench.progress import Progress

if TYPE_CHECKING:
    from wb_deep.bodies.contract import Preparation


class NetworkParams(EngineParams):
    """Settings that every method over a small network shares with its baseline."""

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


class SmallNetwork(Body):
    """A LeNet for images, a perceptron with one hidden layer for vectors; texts are vectors of a frozen encoder."""

    target_statistics = True
    staged = True

    class Params(NetworkParams):
        """Settings of the training."""

    class AdaptingParams(NetworkParams):
        """The same, and how the domains are scaled and batched."""

        standardise: Literal["source", "each", "spread"] = Field(
            "each",
            description="Inputs by the source's mean and deviation, each domain's by its own, or divided by its own "
            "deviation alone (spread), so that what is black stays 0.",
        )
        batch_norm: Literal["joint", "separate"] = BATCH_NORM

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
        torch_or_advice()
        from wb_deep.bodies.numbers import Numbers

        return Numbers(featurizer, getattr(self.params, "standardise", "source"))
