"""The model of a record, ready to predict new examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.data.domains import Predictions
from workbench.data.inputs import Inputs, Shape
from workbench.data.paths import split_reference
from workbench.data.tasks import Task
from workbench.methods.contract import Model
from workbench.plugins.loading import Host
from workbench.running import records
from workbench.running.calibrating import with_temperature
from workbench.running.outcome import Temperature
from workbench.running.records import Record


@dataclass(frozen=True, eq=False)
class Predictor:
    """A record's model with what the record knows of the data that it is for."""

    record: Record
    task: Task
    task_name: str
    model: Model
    shape: Shape | None
    """What its examples look like."""
    temperature: Temperature | None
    """Of its probabilities."""
    settings: dict[str, str]
    """How the target that it was adapted to was read, as settings of its reader."""

    @classmethod
    def load(cls, record: Record, host: Host) -> Predictor:
        """Raises :class:`WbError` where a plugin that the record needs is not there."""
        entry = host.methods.get(record.method, record.run["task"], record.run.get("variant", ""))
        outcome = record.outcome
        asked = split_reference(str(record.run["specification"]["target"]), host)[2]
        return cls(
            record=record,
            task=host.tasks.get(entry.task).load()(),
            task_name=entry.task,
            model=entry.load().model.load(record.folder / records.MODEL, host),
            shape=outcome.inputs,
            temperature=outcome.temperature,
            settings={**outcome.target.columns, **asked},
        )

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(self.model.classes)

    def predict(self, inputs: Inputs, where: str) -> Predictions:
        """Predictions of new examples. Raises :class:`UsageError` where the model cannot take such examples."""
        if self.shape is not None:
            self.shape.check(inputs, where)
        return with_temperature(self.model.predict(inputs), self.temperature)

    def labels(self, inputs: Inputs, predictions: Predictions) -> list[Any]:
        """The predicted labels by name, one an example; of sequences a list of them."""
        return [row["label"] for row in self.task.rows(inputs, predictions.labels, predictions.classes)]
