"""Deep methods: one engine, one loss term each. Torch is imported when a network is built or used, not before."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from workbench.domains import Inputs, Predictions, Problem, pool
from workbench.errors import UsageError
from workbench.methods import Method, Model
from workbench.progress import Progress
from workbench.registry import missing_extra
from workbench.settings import Settings

if TYPE_CHECKING:
    import torch

    from wb_deep.engine import Training
    from wb_deep.networks import Network
    from wb_deep.terms import Term


def torch_or_advice() -> Any:
    """The torch module. Raises :class:`NotInstalled` with the command that installs it."""
    try:
        return importlib.import_module("torch")
    except ModuleNotFoundError as error:
        raise missing_extra("a deep method", error.name or "torch", "deep") from error


def tensor_of(inputs: Inputs) -> torch.Tensor:
    """Examples as float32: vectors (n, d), or images (n, channels, height, width) in 0 … 1.

    Raises :class:`UsageError` for anything else.
    """
    torch = torch_or_advice()
    values = inputs.toarray() if hasattr(inputs, "toarray") else np.asarray(inputs)
    if values.dtype.kind not in "fiub" or values.ndim not in (2, 3, 4):
        raise UsageError("deep methods take images of one size or feature vectors; for texts choose another method")
    x: torch.Tensor = torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))
    if values.dtype == np.uint8:
        x = x / 255.0
    if x.ndim == 3:
        return x[:, None]
    return x.permute(0, 3, 1, 2).contiguous() if x.ndim == 4 else x


class DeepModel(Model):
    """A network with its standardisation of the inputs; saved as arrays.

    Parameters
    ----------
    network : Network
    classes : tuple of str
    centre, scale : float
        Inputs are moved by one and divided by the other.
    """

    def __init__(self, network: Network, classes: tuple[str, ...], centre: float, scale: float) -> None:
        self.network, self.classes = network.eval(), classes
        self.centre, self.scale = centre, scale

    def prepared(self, inputs: Inputs) -> torch.Tensor:
        return (tensor_of(inputs) - self.centre) / self.scale

    def predict(self, inputs: Inputs) -> Predictions:
        if not len(inputs):
            return Predictions(np.zeros(0, dtype=np.int64), self.classes)
        torch = torch_or_advice()
        x = self.prepared(inputs)
        if tuple(x.shape[1:]) != self.network.shape:
            raise UsageError(f"examples of shape {tuple(x.shape[1:])} where {self.network.shape} is expected")
        with torch.no_grad():
            p = torch.cat([self.network(batch).softmax(1) for batch in x.split(1024)]).double().numpy()
        return Predictions(p.argmax(axis=1), self.classes, p / p.sum(axis=1, keepdims=True))

    def save(self, folder: Path) -> None:
        arrays = {name: value.numpy() for name, value in self.network.state_dict().items()}
        np.savez(folder / "network.npz", **arrays)  # type: ignore[arg-type]
        about = {"shape": self.network.shape, "classes": self.classes, "centre": self.centre, "scale": self.scale}
        (folder / "network.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        torch = torch_or_advice()
        from wb_deep.networks import Network

        about = json.loads((folder / "network.json").read_text(encoding="utf-8"))
        network = Network(tuple(about["shape"]), len(about["classes"]))
        with np.load(folder / "network.npz", allow_pickle=False) as arrays:
            network.load_state_dict({name: torch.from_numpy(arrays[name]) for name in arrays.files})
        return cls(network, tuple(about["classes"]), about["centre"], about["scale"])


class NetworkParams(Settings):
    """Settings that every deep method shares with its baseline."""

    epochs: int = Field(15, ge=1, le=10_000, description="Passes over the larger domain.")
    batch_size: int = Field(64, ge=2, le=4096, description="Examples of each domain in a step.")
    rate: float = Field(1e-3, gt=0, le=1, description="Step size of Adam.")


class SourceNetwork(Method):
    """A small network trained on the labelled source alone: a LeNet for images, a perceptron for vectors.

    The last epoch is kept. Nothing of the target is used, not even its batch-norm statistics.
    """

    model: ClassVar[type[Model]] = DeepModel

    class Params(NetworkParams):
        """Settings of the training."""

    term: ClassVar[str] = ""
    """The loss term beside the source's cross-entropy, as "module:Class"; none for the source alone."""
    target_statistics: ClassVar[bool] = False
    """Whether batch normalisation's statistics are taken from the target after the training."""

    def fit(self, problem: Problem, progress: Progress) -> DeepModel:
        torch = torch_or_advice()
        from wb_deep.engine import Data, train
        from wb_deep.networks import Network, estimate_statistics

        source = pool([*problem.sources, *([problem.shots] if problem.shots is not None else [])])
        x, target = tensor_of(source.inputs), tensor_of(problem.target.inputs)
        if x.shape[1:] != target.shape[1:]:
            raise UsageError(f"the domains differ in shape: {tuple(x.shape[1:])} and {tuple(target.shape[1:])}")
        centre, scale = float(x.mean()), float(x.std()) or 1.0
        data = Data((x - centre) / scale, torch.from_numpy(np.asarray(source.labels)), (target - centre) / scale)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(problem.seed)
            network = Network(tuple(x.shape[1:]), len(source.classes))
            term = self._term(len(source.classes))
            trace = train(network, data, self._training(), term, problem.seed, progress)
            if self.target_statistics:
                estimate_statistics(network, data.target)
        model = DeepModel(network, source.classes, centre, scale)
        model.notes = {"trace": [{name: round(value, 5) for name, value in row.items()} for row in trace]}
        return model

    def _training(self) -> Training:
        from wb_deep.engine import Training

        p = self.params
        return Training(p.epochs, p.batch_size, p.rate, getattr(p, "weight", 0.0), getattr(p, "batch_norm", "joint"))

    def _term(self, classes: int) -> Term | None:
        if not self.term:
            return None
        module, _, name = self.term.partition(":")
        found: Term = getattr(importlib.import_module(module), name)(classes)
        return found


class AdaBN(SourceNetwork):
    """The source's network with batch-norm statistics of the target: a free baseline that every method must beat.

    References
    ----------
    Li, Wang, Shi, Hou & Liu (Pattern Recognition 2018), Adaptive batch normalization.
    """

    target_statistics = True


def _params(default: float, norm: Literal["joint", "separate"] = "joint") -> Any:
    class Params(NetworkParams):
        """Settings of the training and of the loss term."""

        weight: float = Field(default, ge=0, le=1e6, description="Of the loss term beside the source's cross-entropy.")
        batch_norm: Literal["joint", "separate"] = Field(
            norm, description="Whether batch normalisation sees both domains in one batch, or each by itself."
        )

    return Params


class DDC(SourceNetwork):
    """Deep domain confusion: one-kernel MMD of the last hidden layer (Tzeng et al. 2014)."""

    Params = _params(1.0)
    term = "wb_deep.discrepancy:DDC"


class DeepCORAL(SourceNetwork):
    """Deep CORAL: covariances of the last hidden layer (Sun & Saenko, ECCV workshops 2016)."""

    Params = _params(100.0)
    term = "wb_deep.discrepancy:DeepCORAL"


class DAN(SourceNetwork):
    """Deep adaptation network: multi-kernel MMD of the last hidden layer (Long et al., ICML 2015).

    Differs from the paper: one adapted layer, not all dense ones.
    """

    Params = _params(1.0)
    term = "wb_deep.discrepancy:DAN"


class JAN(SourceNetwork):
    """Joint adaptation network: MMD of features and predictions jointly (Long et al., ICML 2017)."""

    Params = _params(1.0)
    term = "wb_deep.discrepancy:JAN"


class DSAN(SourceNetwork):
    """Deep subdomain adaptation: local MMD of the same classes (Zhu et al., TNNLS 2020)."""

    Params = _params(1.0)
    term = "wb_deep.discrepancy:DSAN"


class DANN(SourceNetwork):
    """Domain-adversarial network: a discriminator behind a gradient reversal (Ganin et al., JMLR 2016).

    Differs from the paper: each domain has batch-norm batches of its own, and statistics of the target at the end.
    """

    Params = _params(1.0, "separate")
    term = "wb_deep.adversarial:DANN"
    target_statistics = True


class CDAN(SourceNetwork):
    """Conditional adversarial network with entropy weights, CDAN+E (Long et al., NeurIPS 2018)."""

    Params = _params(1.0, "separate")
    term = "wb_deep.adversarial:CDAN"
    target_statistics = True


class DAAN(SourceNetwork):
    """Dynamic adversarial network: global and class-wise discriminators in balance (Yu et al., ICDM 2019)."""

    Params = _params(1.0, "separate")
    term = "wb_deep.adversarial:DAAN"
    target_statistics = True


class MCC(SourceNetwork):
    """Minimum class confusion of the target's predictions (Jin et al., ECCV 2020)."""

    Params = _params(1.0)
    term = "wb_deep.confusion:MCC"


class BNM(SourceNetwork):
    """Batch nuclear-norm maximisation of the target's predictions (Cui et al., CVPR 2020)."""

    Params = _params(1.0)
    term = "wb_deep.confusion:BNM"


class InformationMaximisation(SourceNetwork):
    """Target predictions that are sure one by one and balanced together (Shi & Sha, ICML 2012)."""

    Params = _params(1.0)
    term = "wb_deep.confusion:InformationMaximisation"
