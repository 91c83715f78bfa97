"""Methods that adapt a small network: the source's training and one loss term each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from wb_deep.bodies.model import DeepModel
from wb_deep.methods.network import NetworkParams, SourceNetwork
from workbench.data.domains import Problem, pool
from workbench.progress import Progress

if TYPE_CHECKING:
    from wb_deep.training.options import Training

ESTIMATOR: Any = Field(
    "quadratic", description="Of the MMD: over all pairs of a batch, or in linear time as the paper."
)


LAYERS: Any = Field("both", description="What is aligned: the last hidden layer, or the predicted probabilities too.")

AVERAGE: Any = Field(
    0.5, ge=0, le=1, description="Without --keep: the share of the training, from its end, whose weights are averaged."
)


Standard = Literal["source", "each", "spread"]


def _steepness(default: float) -> Any:
    """The setting of a term whose weight grows along the ramp."""
    said = "Of the ramp of the loss term's weight, 2 / (1 + exp(−steepness · p)) − 1 at a share p; 0: no ramp."
    return Field(default, ge=0, le=1000, description=said)


def _shares(default: float, said: str) -> Any:
    """The setting of a term that takes the classes' predicted shares in the target into account."""
    return Field(default, ge=0, le=1, description=f"{said}; 0: not at all, 1: wholly.")


TOWARDS = "How far the source's examples are weighted towards the classes' predicted shares in the target"
"""Of the losses between the domains as wholes."""


def _temperature(default: float) -> Any:
    """The setting of a term that looks at softened predictions."""
    said = "By which the logits are divided in the loss, so that sure predictions can still be moved; 1: not at all."
    return Field(default, gt=0, le=100, description=said)


SLOW = 3.0
"""Steepness of a ramp that still rises at the end; the papers' 10 is all but done after a third of the training."""

JOINT, ALIGNED = 2e-3, 3e-3
"""Step sizes of methods whose batches hold both domains, and of those that align them: more than the baseline's, by
pairs that no table shows."""


def _params(
    default: float,
    norm: Literal["joint", "separate"] = "joint",
    step: float = 1e-3,
    standard: Standard = "each",
) -> Any:
    class Params(NetworkParams):
        """Settings of the training and of the loss term."""

        rate: float = Field(step, gt=0, le=1, description="Step size; for sgd 0.01 is that of the papers.")
        standardise: Standard = Field(
            standard,
            description="Inputs by the source's mean and deviation, each domain's by its own, or divided by its own "
            "deviation alone (spread), so that what is black stays 0.",
        )
        weight: float = Field(default, ge=0, le=1e6, description="Of the loss term beside the source's cross-entropy.")
        batch_norm: Literal["joint", "separate"] = Field(
            norm, description="Whether batch normalisation sees both domains in one batch, or each by itself."
        )

    return Params


class AdversarialParams(_params(0.3, "separate")):
    """Settings of the training and of the discriminators.

    The features are pulled less, and the discriminators move faster, than where both have one step size: otherwise
    the discriminators fall behind, and their gradient says nothing.
    """

    average: float = AVERAGE
    discriminator_rate: float = Field(5e-3, gt=0, le=1, description="Step size of the discriminators.")


class Adapted(SourceNetwork):
    """Base of the methods here: batch normalisation ends with the statistics of the target, which they have seen."""

    target_statistics = True

    def training(self) -> Training:
        return replace(super().training(), term_rate=getattr(self.params, "discriminator_rate", 0.0))


class DDC(Adapted):
    """Deep domain confusion: one-kernel MMD of one layer (Tzeng et al. 2014).

    ``--placement search`` is the paper's: a network is trained on the source alone, and the loss is placed where the
    unlabelled domains differ least in it, which needs no target labels.

    Differs from the paper: a layer of the network itself, convolutions among them, not a bottleneck beside its dense
    layers; its width is not searched; a Gaussian kernel, narrower than the mean distance; the loss grows along a ramp;
    the source's batch is weighted to the class shares predicted for the target's batch (their average half way).
    """

    class Params(_params(2.0, step=ALIGNED, standard="spread")):
        """Settings of the training and of the loss term."""

        placement: Literal["last", "search"] = Field(
            "last", description="The aligned layer: the last hidden one, or where a source-only network's MMD is least."
        )
        steepness: float = _steepness(10.0)
        shares: float = _shares(0.5, TOWARDS)
        bandwidth: float = Field(
            0.5, gt=0, le=1000, description="Of the kernel, as a multiple of the mean squared distance in a batch."
        )

    term = "wb_deep.losses.distances:DDC"
    of_term = ("steepness", "shares", "bandwidth")

    def fit(self, problem: Problem, progress: Progress) -> DeepModel:
        if self.params.placement == "last":
            return super().fit(problem, progress)
        distances = self._distances(problem, progress)
        self.stage = distances.index(min(distances)) + 1
        model = super().fit(problem, progress)
        model.notes = {**model.notes, "placement": self.stage, "mmd": [round(value, 5) for value in distances]}
        return model

    def term_settings(self) -> dict[str, Any]:
        placed = {"stage": self.stage} if self.params.placement == "search" else {}
        return {**super().term_settings(), **placed}

    def _distances(self, problem: Problem, progress: Progress) -> list[float]:
        """MMD at each stage of a network that was trained on the source alone, with the same settings."""
        shared = self.params.shared_with(SourceNetwork.Params)
        plain: Any = SourceNetwork(SourceNetwork.Params(**shared), self.host).fit(problem, progress)
        from wb_deep.losses.placement import stage_distances

        data = plain.preparation.data(pool(problem.sources), problem.target)
        return stage_distances(plain.network, data.source, data.target, problem.seed)


class DeepCORAL(Adapted):
    """Deep CORAL: covariances of the last hidden layer and of the outputs (Sun & Saenko, ECCV workshops 2016).

    Differs from the paper: not the outputs alone, and these as probabilities; the loss grows along a ramp; the
    source's batch is weighted to the class shares predicted for the target's batch (their average half way).
    """

    class Params(_params(1000.0, step=ALIGNED, standard="spread")):
        """Settings of the training and of the loss term."""

        layers: Literal["features", "both"] = LAYERS
        steepness: float = _steepness(SLOW)
        shares: float = _shares(0.5, TOWARDS)

    term = "wb_deep.losses.distances:DeepCORAL"
    of_term = ("layers", "steepness", "shares")


class DAN(Adapted):
    """Deep adaptation network: multi-kernel MMD of the last hidden layer and of the outputs (Long et al., ICML 2015).

    Differs from the paper: the outputs are aligned as softened probabilities; kernels of fixed weights; the loss grows
    along a ramp; the source's batch is weighted to the class shares predicted for the target's batch (their average
    half way); by default the estimator of all pairs, which in batches of this size costs nothing and varies less than
    the paper's linear one.
    """

    class Params(_params(1.0, step=ALIGNED, standard="spread")):
        """Settings of the training and of the loss term."""

        estimator: Literal["quadratic", "linear"] = ESTIMATOR
        layers: Literal["features", "both"] = LAYERS
        steepness: float = _steepness(SLOW)
        shares: float = _shares(0.5, TOWARDS)
        temperature: float = _temperature(2.5)

    term = "wb_deep.losses.distances:DAN"
    of_term = ("estimator", "layers", "steepness", "shares", "temperature")


class JAN(Adapted):
    """Joint adaptation network: MMD of features and predictions jointly (Long et al., ICML 2017)."""

    Params = _params(1.0, step=JOINT)
    term = "wb_deep.losses.distances:JAN"


class DSAN(Adapted):
    """Deep subdomain adaptation: local MMD of the same classes (Zhu et al., TNNLS 2020).

    Differs from the paper: the loss grows more slowly; a class counts by its predicted share in the target.
    """

    class Params(_params(1.0, step=ALIGNED, standard="spread")):
        """Settings of the training and of the loss term."""

        steepness: float = _steepness(SLOW)
        shares: float = _shares(1.0, "How far a class counts by its predicted share in the target")

    term = "wb_deep.losses.distances:DSAN"
    of_term = ("steepness", "shares")


class DANN(Adapted):
    """Domain-adversarial network: a discriminator behind a gradient reversal (Ganin et al., JMLR 2016).

    Differs from the paper: each domain has batch-norm batches of its own, and statistics of the target at the end.
    """

    Params = AdversarialParams
    term = "wb_deep.losses.discriminators:DANN"


class CDAN(Adapted):
    """Conditional adversarial network with entropy weights, CDAN+E (Long et al., NeurIPS 2018)."""

    Params = AdversarialParams
    term = "wb_deep.losses.discriminators:CDAN"


class DAAN(Adapted):
    """Dynamic adversarial network: global and class-wise discriminators in balance (Yu et al., ICDM 2019)."""

    Params = AdversarialParams
    term = "wb_deep.methods.daan:DAAN"


class MCD(Adapted):
    """Maximum classifier discrepancy: two classifiers against the features (Saito et al., CVPR 2018).

    Differs from the paper: predictions are those of the first classifier; each domain has batch-norm batches of its
    own.
    """

    class Params(_params(1.0, "separate")):
        """Settings of the training and of its phases."""

        generator_steps: int = Field(4, ge=1, le=100, description="How often the features move for one move of both.")

    term = "wb_deep.methods.mcd:MCD"
    of_term = ("generator_steps",)


class ADDA(Adapted):
    """A target encoder that starts as the source's and learns to fool a discriminator (Tzeng et al., CVPR 2017).

    Differs from the paper: both parts share the epochs of the other methods; statistics of the target at the end.
    """

    class Params(_params(1.0, "separate")):
        """Settings of the training and of its parts."""

        pretrain: float = Field(
            0.5, ge=0, le=1, description="The share of the epochs that belongs to the source alone."
        )

    term = "wb_deep.methods.adda:ADDA"
    of_term = ("pretrain",)


class MCC(Adapted):
    """Minimum class confusion of the target's predictions (Jin et al., ECCV 2020).

    Differs from the paper: the confusion is that of the last steps, with one and a half times the weight; the weights
    are averaged over the last half of the training. All of it helps where the classes' shares differ.
    """

    class Params(_params(1.5, standard="source")):
        """Settings of the training and of the loss term."""

        average: float = AVERAGE
        memory: float = Field(
            0.8, ge=0, lt=1, description="Share of the earlier steps in the confusion; 0: of the batch alone."
        )

    term = "wb_deep.losses.predictions:MCC"
    of_term = ("memory",)


class BNM(Adapted):
    """Batch nuclear-norm maximisation of the target's predictions (Cui et al., CVPR 2020).

    Differs from the paper: the predictions are softened by a temperature, as in MCC; six times the weight, along a
    ramp.
    """

    class Params(_params(6.0, step=JOINT, standard="spread")):
        """Settings of the training and of the loss term."""

        steepness: float = _steepness(10.0)
        temperature: float = _temperature(4.0)

    term = "wb_deep.losses.predictions:BNM"
    of_term = ("steepness", "temperature")


class InformationMaximisation(Adapted):
    """Target predictions that are sure one by one and balanced together (Shi & Sha, ICML 2012).

    Differs from the paper: the balance is that of an average over the last steps, in place of all target examples; a
    class whose share seems far from an equal one is not forced to it; single predictions are softened by a temperature,
    as in MCC; the loss grows along a ramp, to one and a half times the weight.
    """

    class Params(_params(1.5, step=JOINT, standard="spread")):
        """Settings of the training and of the loss term."""

        steepness: float = _steepness(SLOW)
        memory: float = Field(
            0.9, ge=0, lt=1, description="Share of the earlier steps in the mean prediction; 0: of the batch alone."
        )
        temperature: float = _temperature(2.5)
        tolerance: float = Field(
            1.25,
            ge=1,
            le=1e6,
            description="How many times larger or smaller than an equal share a class's may seem before that is "
            "believed; 1: always believed, a large one: always balanced.",
        )

    term = "wb_deep.losses.predictions:InformationMaximisation"
    of_term = ("steepness", "memory", "tolerance", "temperature")


class PseudoLabel(Adapted):
    """Cross-entropy with the target's own sure predictions (Lee 2013, with the threshold of FixMatch).

    Differs from FixMatch: no augmentation, so that it serves images, vectors and texts alike.
    """

    Params = _params(1.0)
    term = "wb_deep.losses.predictions:PseudoLabel"


class FixMatch(Adapted):
    """Sure labels of weakly changed target examples, taught to strong changes of them (Sohn et al., NeurIPS 2020).

    Differs from the paper: as many unlabelled as labelled examples in a step; no flips, which make other digits of
    some; strong changes are one random affine map, contrast and Cutout; vectors get noise and zeros.
    """

    class Params(_params(1.0)):
        """Settings of the training and of the loss term."""

        threshold: float = Field(0.95, ge=0, le=1, description="The probability from which a prediction is a label.")

    term = "wb_deep.losses.predictions:FixMatch"
    of_term = ("threshold",)
