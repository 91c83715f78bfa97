"""Deep domain confusion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from wb_deep.bodies.model import DeepModel
from wb_deep.methods import fields
from wb_deep.methods.alignment import Alignment, AlignmentParams
from wb_deep.methods.network import SourceNetwork
from workbench.data.domains import Problem, pool
from workbench.errors import UsageError
from workbench.progress import Progress

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.training.loss import Step


class DDC(Alignment):
    """Deep domain confusion: one-kernel MMD of one layer.

    L = ramp(p) · ‖Σ_i w_i φ(f_i) − (1/m) Σ_j φ(g_j)‖², with φ the map of a Gaussian kernel, f (n, width) and g
    (m, width) the domains' features, w (n,) the weights of the source's examples.

    ``--placement search`` is the paper's: a network is trained on the source alone, and the loss is placed where the
    unlabelled domains differ least in it, which needs no target labels.

    Source: Tzeng, Hoffman, Zhang, Saenko & Darrell (2014), Deep domain confusion, eq. 1.

    Differs from the paper
    ----------------------
    A layer of the network itself, convolutions among them, not a bottleneck beside its dense layers; its width is not
    searched; a Gaussian kernel, over the small network narrower than the mean distance; the loss grows along a ramp;
    the source's batch is weighted to the class shares predicted for the target's batch (their average half way).
    """

    class Params(AlignmentParams):
        """Settings of the loss."""

        weight: float = fields.weight(2.0)
        steepness: float = fields.steepness(10.0)
        placement: Literal["last", "search"] = Field(
            "last", description="The aligned layer: the last hidden one, or where a source-only network's MMD is least."
        )
        bandwidth: float = Field(
            0.5, gt=0, le=1000, description="Of the kernel, as a multiple of the mean squared distance in a batch."
        )

    defaults: ClassVar = {"rate": 3e-3, "standardise": "spread"}

    stage = 0
    """Which of the network's stages is aligned, from 1 at the input; 0: the last, which gives the features."""

    def fit(self, problem: Problem, progress: Progress) -> DeepModel:
        if self.params.placement == "last":
            return super().fit(problem, progress)
        if not self.body.staged:
            raise UsageError("--placement search is for the small network; leave it at last")
        distances = self._distances(problem, progress)
        self.stage = distances.index(min(distances)) + 1
        model = super().fit(problem, progress)
        self._hook.remove()
        model.notes = {**model.notes, "placement": self.stage, "mmd": [round(value, 5) for value in distances]}
        return model

    def distance(self, step: Step, weights: Tensor | None) -> Tensor:
        import torch

        from wb_deep.losses.kernels import gaussian_kernel, mmd

        outputs = self._outputs if self.stage else [step.source_features, step.target_features]
        kernel = gaussian_kernel(torch.cat(outputs), bandwidth=self.params.bandwidth)
        self._outputs.clear()
        return mmd(kernel, len(step.source_features), weights)

    def new_state(self, network: Any, classes: int) -> nn.Module:
        self._outputs: list[Tensor] = []
        if self.stage:
            self._hook = network.stages[self.stage - 1].register_forward_hook(self._keep)
        return super().new_state(network, classes)

    def _keep(self, module: nn.Module, _: Any, output: Tensor) -> None:
        """The stage's output of each pass of the step: one for both domains, or the source's and then the target's."""
        if module.training:
            self._outputs.append(output.flatten(1))

    def _distances(self, problem: Problem, progress: Progress) -> list[float]:
        """MMD at each stage of a network that was trained on the source alone, with the same settings."""
        shared = self.params.shared_with(SourceNetwork.Params)
        plain: Any = SourceNetwork(SourceNetwork.Params(**shared), self.host).fit(problem, progress)
        from wb_deep.losses.placement import stage_distances

        data = plain.preparation.data(pool(problem.sources), problem.target)
        return stage_distances(plain.network, data.source, data.target, problem.seed)
