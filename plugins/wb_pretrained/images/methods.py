"""Pretrained image networks: all of it fine-tuned, its head alone, and with the target's batch statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from wb_deep.bodies.model import preparation, torch_or_advice
from wb_pretrained.finetuning import FineTuning
from wb_pretrained.settings import FittingParams
from workbench.data.domains import Domain, Problem
from workbench.progress import Progress

if TYPE_CHECKING:
    from wb_deep.bodies.contract import Preparation


class ImageParams(FittingParams):
    """Settings that fine-tuning shares with its baseline."""

    model: str = Field(
        "efficientnet-lite0", description="efficientnet-lite0 (bundled) or a network of torchvision.models."
    )
    weights: str = Field(
        "default", description="default, another name of torchvision's, a file (safetensors or state dict), or none."
    )
    image_size: int = Field(0, ge=0, le=2048, description="Side of the square that it sees; 0: what it was made for.")


class FineTune(FineTuning):
    """A pretrained image network with a new head, trained on the labelled source (and on shots, where given).

    Its baseline trains the head alone, over the same pretrained features and with the same budget, so the verdict
    says what moving the layers brings *on the target*, which need not be what it brings on the source.

    Differs from the papers: AdamW with a linear schedule in place of gradient descent; no augmentation.

    References
    ----------
    Yosinski, Clune, Bengio & Lipson (NeurIPS 2014), freezing by depth; Howard & Ruder (ACL 2018), layer-wise step
    sizes and gradual unfreezing; Li, Grandvalet & Davoine (ICML 2018), L2-SP; Kumar et al. (ICLR 2022), fine-tuning
    against its linear probe under a shift.
    """

    takes = ("images",)
    trial: ClassVar[Mapping[str, Any]] = {"image_size": 48, "epochs": 1}

    class Params(ImageParams):
        """Settings of the fine-tuning."""

        freeze: str = Field("none", description="What stays as it is: none, all-but-head, or N, the lowest layers.")

    def prepare(self, source: Domain, problem: Problem, progress: Progress) -> Preparation:
        self.check_inputs(problem)
        torch_or_advice()
        from wb_pretrained.fitting import Fitting
        from wb_pretrained.images.backbones import load_backbone

        p: Any = self.params
        fitting = Fitting(self.frozen(), p.layer_decay, p.gradual_unfreezing)
        progress.update(0.0, f"{p.model}, images as squares")
        kind: Any = preparation("wb_pretrained.images.preparing:Pictures")
        found: Preparation = kind(load_backbone(p.model, p.weights), fitting, p.image_size)
        return found

    def frozen(self) -> str:
        """What is not trained, as ``--freeze`` says it."""
        found: str = self.params.freeze
        return found


class LinearProbe(FineTune):
    """The same pretrained network with all but the head as it is: the features' own worth.

    References
    ----------
    Kornblith, Shlens & Le (CVPR 2019), Do better ImageNet models transfer better?
    """

    class Params(ImageParams):
        """Settings of the head's training."""

    def frozen(self) -> str:
        return "all-but-head"


class FineTuneAdaBN(FineTune):
    """The fine-tuned network with batch-norm statistics of the target: adaptation that needs no training.

    References
    ----------
    Li, Wang, Shi, Hou & Liu (Pattern Recognition 2018), Adaptive batch normalization.
    """

    target_statistics = True
