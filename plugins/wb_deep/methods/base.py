"""Deep methods: one engine, one loss term each. Torch is imported when a network is built or used, not before."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from wb_deep.bodies.model import DeepModel, torch_or_advice
from workbench import environment
from workbench.data.domains import Domain, Problem, pool
from workbench.errors import UsageError, WbError
from workbench.methods.contract import Method, Model
from workbench.progress import Progress
from workbench.settings import Settings

if TYPE_CHECKING:
    from torch import nn

    from wb_deep.bodies.contract import Preparation
    from wb_deep.training.data import Data
    from wb_deep.training.options import Training
    from wb_deep.training.terms import Term


@contextmanager
def memory_advice() -> Iterator[None]:
    """Turns torch's word that memory is out into one line that says which setting to lower."""
    try:
        yield
    except RuntimeError as error:
        if not any(words in str(error) for words in ("out of memory", "can't allocate memory", "not enough memory")):
            raise
        raise WbError("the training needs more memory than there is; lower --batch-size") from error


class EngineParams(Settings):
    """Settings of the training loop, shared by every deep method with its baseline."""

    checkpoint_seconds: float = Field(
        60.0, ge=0, le=1e6, description="How often a long training is saved, to go on after it was cut off; 0: never."
    )
    average: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Without --keep: the share of the training, from its end, whose weights are averaged.",
    )
    keep: str = Field("last", description="The epoch that is kept: last, or a selector's choice, e.g. entropy or bnm.")
    patience: int = Field(0, ge=0, le=10_000, description="With --keep: end after so many epochs without a better one.")
    device: Literal["auto", "cpu"] = Field("auto", description="auto: a GPU where there is one; or the processor.")
    precision: Literal["single", "bf16", "fp16"] = Field("single", description="Of the forward passes.")
    tensorboard: str = Field("", description="Folder for TensorBoard events of the epochs; empty for none.")


class DeepMethod(Method):
    """Prepare the inputs, build the network and the loss term, train."""

    model: ClassVar[type[Model]] = DeepModel

    class Params(EngineParams):
        """Settings of the loop."""

    term: ClassVar[str] = ""
    """The loss term beside the source's cross-entropy, as "module:Class"; none for the source alone."""
    of_term: ClassVar[tuple[str, ...]] = ()
    """The settings that the loss term is made with."""
    target_statistics: ClassVar[bool] = False
    """Whether batch normalisation's statistics are taken from the target after the training.

    They always are where the target had batches of its own."""

    def fit(self, problem: Problem, progress: Progress) -> DeepModel:
        torch = torch_or_advice()
        from wb_deep.training.batch_norm import equal_parts, estimate_statistics
        from wb_deep.training.engine import train

        source = pool([*problem.sources, *([problem.shots] if problem.shots is not None else [])])
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(problem.seed)
            prepared = self.prepare(source, problem, progress)
            data = prepared.data(source, problem.target)
            network: Any = prepared.network(len(source.classes))
            term = self._term(len(source.classes), network.width)
            checkpoint = self._checkpoint(data, problem.seed)
            model = DeepModel(network, prepared, source.classes)
            penalty, judge = self.penalty(network), self._judge(model, problem)
            with memory_advice():
                trace = train(network, data, self._training(), term, problem.seed, progress, checkpoint, penalty, judge)
            if self.target_statistics or getattr(self.params, "batch_norm", "joint") == "separate":
                estimate_statistics(network, equal_parts(data.target))
        if self.params.tensorboard:
            from wb_deep.training.events import write_events

            write_events(self.params.tensorboard, type(self).__name__, trace)
        model.network.eval()
        model.notes = {"trace": [{name: round(value, 5) for name, value in row.items()} for row in trace]}
        return model

    def prepare(self, source: Domain, problem: Problem, progress: Progress) -> Preparation:
        """What stands between these examples and the network."""
        raise NotImplementedError

    def training(self) -> Training:
        """The engine's settings, but for those that :meth:`_training` adds for every method."""
        raise NotImplementedError

    def _training(self) -> Training:
        """The engine's settings with those that every deep method shares."""
        p = self.params
        if p.patience and p.keep == "last":
            raise UsageError("--patience ends a training by a selector's scores; give --keep too, e.g. --keep entropy")
        return replace(
            self.training(),
            weight=getattr(p, "weight", 0.0),
            batch_norm=getattr(p, "batch_norm", "joint"),
            patience=p.patience,
            average=p.average if p.keep == "last" else 0.0,
            device=p.device,
            precision=p.precision,
        )

    def penalty(self, network: nn.Module) -> Any:
        """A further loss of the parameters alone, or None."""
        return None

    def _term(self, classes: int, width: int) -> Term | None:
        if not self.term:
            return None
        module, _, name = self.term.partition(":")
        found: Term = getattr(importlib.import_module(module), name)(classes, width, **self.term_settings())
        return found

    def term_settings(self) -> dict[str, Any]:
        """What the loss term is made with, beside the numbers of classes and features."""
        return {setting: getattr(self.params, setting) for setting in self.of_term}

    def _judge(self, model: DeepModel, problem: Problem) -> Callable[[], float] | None:
        """The selector that chooses the epoch, over the target's predictions alone; None for the last epoch."""
        if self.params.keep == "last":
            return None
        from workbench.choosing.candidates import Candidate

        selector = self.host.selectors.get(self.params.keep).load()()
        if selector.needs_held_out:
            raise UsageError(f"--keep {self.params.keep}: it needs held-out source examples; give e.g. entropy or bnm")

        def score() -> float:
            said = model.predict(problem.target.inputs)
            return float(selector.score(Candidate(model, problem, None, said, self._not_again)))

        return score

    def _not_again(self, problem: Problem) -> Model:
        raise UsageError(f"--keep {self.params.keep}: it fits anew, which epochs cannot; give e.g. entropy or bnm")

    def _checkpoint(self, data: Data, seed: int) -> Any:
        """Where this very training is saved, by settings, seed and data."""
        if not self.params.checkpoint_seconds:
            return None
        from wb_deep.training.checkpoints import Checkpoint, digest

        parts = [type(self).__name__, self.params.model_dump(), seed, data.source, data.labels, data.target]
        path = environment.cache_folder() / "trainings" / f"{digest(parts)}.safetensors"
        return Checkpoint(path, self.params.checkpoint_seconds)
