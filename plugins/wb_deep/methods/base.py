"""What every deep method does: prepare the inputs, build the network, train. Torch is imported then, not before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar

from wb_deep.bodies.body import Body
from wb_deep.bodies.model import DeepModel, torch_or_advice
from workbench.data.domains import Problem, pool
from workbench.errors import UsageError, WbError
from workbench.methods.contract import Method, Model
from workbench.progress import Progress
from workbench.settings import Settings

if TYPE_CHECKING:
    from wb_deep.training.data import Data
    from wb_deep.training.loss import Loss
    from wb_deep.training.observers import LoopObserver
    from wb_deep.training.options import Training


@contextmanager
def memory_advice() -> Iterator[None]:
    """Turns torch's word that memory is out into one line that says which setting to lower."""
    try:
        yield
    except RuntimeError as error:
        if not any(words in str(error) for words in ("out of memory", "can't allocate memory", "not enough memory")):
            raise
        raise WbError("the training needs more memory than there is; lower --batch-size") from error


class DeepMethod(Method):
    """A body trained on the labelled source alone; its settings are the body's.

    Subclasses set :attr:`body`, or a loss between the domains too (:class:`wb_deep.methods.adaptation.Adaptation`).
    """

    body: ClassVar[type[Body]]
    stochastic = True
    target_statistics: ClassVar[bool] = False
    """Whether batch normalisation's statistics are taken from the target after the training."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if hasattr(cls, "body"):
            cls.model, cls.takes, cls.trial = cls.body.model, cls.body.takes, cls.body.trial
            cls.Params = cls.settings()  # type: ignore[assignment,misc]

    @classmethod
    def settings(cls) -> type[Settings]:
        """The class of the method's settings."""
        return cls.body.Params

    def fit(self, problem: Problem, progress: Progress) -> DeepModel:
        self._check(problem)
        torch = torch_or_advice()
        from wb_deep.training.batch_norm import equal_parts, estimate_statistics
        from wb_deep.training.engine import train

        source = pool([*problem.sources, *([problem.shots] if problem.shots is not None else [])])
        body = self.body(self.params, self.host)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(problem.seed)
            prepared = body.prepare(source, problem, progress)
            data = prepared.data(source, problem.target)
            network: Any = prepared.network(len(source.classes))
            loss = self._loss(network, len(source.classes))
            model = self.model(network, prepared, source.classes)  # type: ignore[call-arg]
            assert isinstance(model, DeepModel)
            observers = self._observers(model, data, problem, progress)
            with memory_advice():
                trace = train(network, data, self._training(), problem.seed, loss, observers, body.penalty(network))
            if self._ends_with_target_statistics():
                estimate_statistics(network, equal_parts(data.target))
        model.network.eval()
        model.notes = {"trace": [{name: round(value, 5) for name, value in row.items()} for row in trace]}
        return model

    def _check(self, problem: Problem) -> None:
        """Raises :class:`UsageError` for what cannot end well, before anything is computed."""
        self.check_inputs(problem)
        if self.params.patience and self.params.keep == "last":
            raise UsageError("--patience ends a training by a selector's scores; give --keep NAME too")

    def _loss(self, network: Any, classes: int) -> Loss | None:
        """The loss between the domains; None for the source alone."""
        return None

    def _ends_with_target_statistics(self) -> bool:
        return self.target_statistics

    def _training(self) -> Training:
        """The engine's settings: those of the same names, and the body's."""
        from wb_deep.training.options import Training

        names = {field.name for field in fields(Training)} & type(self.params).model_fields.keys()
        return Training(**{**self.body.training, **{name: getattr(self.params, name) for name in names}})

    def _observers(self, model: DeepModel, data: Data, problem: Problem, progress: Progress) -> list[LoopObserver]:
        """What watches the training; a checkpoint after those whose state it saves."""
        from wb_deep.training.averaging import Averaging
        from wb_deep.training.best_epoch import BestEpoch
        from wb_deep.training.checkpoints import Checkpoint
        from wb_deep.training.progress_report import ProgressReport
        from wb_deep.training.tensorboard import TensorBoard

        p = self.params
        observers: list[LoopObserver] = []
        if p.keep != "last":
            observers.append(BestEpoch(self._score(model, problem), p.patience))
        elif p.average:
            observers.append(Averaging(p.average))
        if p.checkpoint_seconds:
            parts = [type(self).__name__, p.model_dump(), problem.seed, data.source, data.labels, data.target]
            observers.append(Checkpoint(parts, p.checkpoint_seconds, progress))
        if p.tensorboard:
            observers.append(TensorBoard(p.tensorboard, type(self).__name__))
        return [*observers, ProgressReport(progress)]

    def _score(self, model: DeepModel, problem: Problem) -> Callable[[], float]:
        """The selector that chooses the epoch, over the target's predictions alone.

        Raises :class:`UsageError` for one that needs more, or takes no such labels.
        """
        from workbench.choosing.candidates import Candidate
        from workbench.choosing.selectors import advice, new_selector

        kind = self.host.tasks.get(problem.task).load().label_kind
        selector = new_selector(self.params.keep, self.host, kind)
        if selector.needs_held_out or selector.refits:
            others = advice(self.host, kind, lambda other: not (other.needs_held_out or other.refits))
            raise UsageError(f"--keep {self.params.keep}: it needs more than an epoch's predictions; {others}")

        def score() -> float:
            predictions = model.predict(problem.target.inputs)
            return float(selector.score(Candidate(model, problem, None, predictions, self._not_again, kind)))

        return score

    def _not_again(self, problem: Problem) -> Model:
        raise UsageError(f"--keep {self.params.keep}: it fits anew, which epochs cannot; give another selector")
