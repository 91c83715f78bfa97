"""The fitted model of every deep method."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

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


def preparation(reference: str) -> type[Preparation]:
    """The class behind ``"module:Name"``, imported now. Raises :class:`UsageError` where it prepares nothing."""
    torch_or_advice()
    from wb_deep.bodies.contract import Preparation

    module, _, name = reference.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        found = None
    if not (isinstance(found, type) and issubclass(found, Preparation)):
        raise UsageError(
            f"the model needs '{reference}', which no installed plugin has; install the plugin that made it"
        )
    return found


class DeepModel(Model):
    """A network and what prepares its inputs."""

    def __init__(self, network: nn.Module, prepared: Preparation, classes: tuple[str, ...]) -> None:
        self.network, self.preparation, self.classes = network.eval(), prepared, classes

    def predict(self, inputs: Inputs) -> Predictions:
        if not count(inputs):
            return Predictions(np.zeros(0, dtype=np.int64), self.classes)
        return self.preparation.predict(self.network, inputs, self.classes)

    def save(self, folder: Path) -> None:
        self.preparation.save(self.network, folder)
        kind = type(self.preparation)
        about = {"classes": self.classes, "preparation": f"{kind.__module__}:{kind.__name__}"}
        (folder / "model.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, host: Host) -> Self:
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        classes = tuple(about["classes"])
        prepared, network = preparation(about["preparation"]).load(folder, len(classes), host)
        return cls(network, prepared, classes)
