"""The fitted model of every deep method."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from workbench.data.domains import Predictions
from workbench.data.inputs import Inputs, count
from workbench.errors import UsageError
from workbench.methods.contract import Model
from workbench.plugins.entries import missing_extra

if TYPE_CHECKING:
    from torch import nn

    from wb_deep.bodies.contract import Preparation
    from workbench.plugins.loading import Host


def torch_or_advice() -> Any:
    """The torch module. Raises :class:`NotInstalled` with the command that installs it."""
    try:
        return importlib.import_module("torch")
    except ModuleNotFoundError as error:
        raise missing_extra("a deep method", error.name or "torch", "deep") from error


class DeepModel(Model):
    """A network and what prepares its inputs."""

    preparations: ClassVar[Mapping[str, str]] = {"numbers": "wb_deep.bodies.numbers:Numbers"}
    """The preparations that a saved model may name, as "module:Class"; a plugin's bodies have a table of their own."""

    def __init__(self, network: nn.Module, prepared: Preparation, classes: tuple[str, ...]) -> None:
        self.network, self.preparation, self.classes = network.eval(), prepared, classes

    def predict(self, inputs: Inputs) -> Predictions:
        if not count(inputs):
            return Predictions(np.zeros(0, dtype=np.int64), self.classes)
        return self.preparation.predict(self.network, inputs, self.classes)

    def predict_source(self, inputs: Inputs) -> Predictions:
        if not count(inputs):
            return self.predict(inputs)
        return self.preparation.predict_source(self.network, inputs, self.classes)

    def save(self, folder: Path) -> None:
        self.preparation.save(self.network, folder)
        about = {"classes": self.classes, "preparation": self.preparation.name}
        (folder / "model.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, host: Host) -> Self:
        torch_or_advice()
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        name, classes = about["preparation"], tuple(about["classes"])
        if name not in cls.preparations:
            known = ", ".join(cls.preparations)
            raise UsageError(f"{folder}: the model's inputs are prepared by '{name}', which is none of: {known}")
        module, _, attribute = cls.preparations[name].partition(":")
        prepared, network = getattr(importlib.import_module(module), attribute).load(folder, len(classes), host)
        return cls(network, prepared, classes)
