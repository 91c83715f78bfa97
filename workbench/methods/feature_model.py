"""The model that feature methods fit: featurizer, scaler, transformer and classifier."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from workbench.data.domains import Predictions
from workbench.data.inputs import Inputs, count
from workbench.errors import UsageError
from workbench.methods.contract import Model
from workbench.methods.featurizers import Featurizer, load_featurizer, save_featurizer
from workbench.methods.finite import refuse_not_finite

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

PARTS = ("scaler", "transformer", "classifier")
"""The estimators of a feature model, in the order in which target examples pass them."""


class FeatureModel(Model):
    """Featurizer, scaler, transformer and classifier; the last three are saved with skops."""

    of_source: tuple[Any, Any] | None = None
    """Scaler and transformer of source examples, where the fit knew them; they are not saved."""

    def __init__(
        self,
        featurizer: Featurizer | None,
        scaler: Any,
        transformer: Any,
        classifier: Any,
        classes: tuple[str, ...],
    ) -> None:
        self.featurizer = featurizer
        self.scaler, self.transformer, self.classifier, self.classes = scaler, transformer, classifier, classes

    def features(self, inputs: Inputs) -> Any:
        """The adapted features of target examples, seen or unseen: shape (n, d')."""
        features = inputs if self.featurizer is None else self.featurizer.transform(inputs)
        expected = getattr(self.scaler, "n_features_in_", None)
        if expected is not None and features.shape[1] != expected:
            raise UsageError(
                f"the model was fitted to {expected:,} features; these examples have {features.shape[1]:,}"
            )
        refuse_not_finite(features, "the input")
        return self.transformer.transform(self.scaler.transform(features))

    def source_features(self, inputs: Inputs) -> Any:
        """The adapted features of source examples, (n, d'), in the space of :meth:`features`."""
        if self.of_source is None:
            return self.features(inputs)
        scaler, transformer = self.of_source
        features = inputs if self.featurizer is None else self.featurizer.transform(inputs)
        return transformer.transform(scaler.transform(features))

    def predict(self, inputs: Inputs) -> Predictions:
        if count(inputs) == 0:
            return Predictions(np.zeros(0, dtype=np.int64), self.classes)
        return self._classified(self.features(inputs))

    def predict_source(self, inputs: Inputs) -> Predictions:
        if count(inputs) == 0:
            return self.predict(inputs)
        return self._classified(self.source_features(inputs))

    def _classified(self, moved: Any) -> Predictions:
        """Predictions for adapted features (n, d')."""
        probabilities = None
        if hasattr(self.classifier, "predict_proba"):
            of_classifier = self.classifier.predict_proba(moved)
            probabilities = np.zeros((len(of_classifier), len(self.classes)))
            probabilities[:, self.classifier.classes_] = of_classifier
        return Predictions(np.asarray(self.classifier.predict(moved)), self.classes, probabilities)

    def save(self, folder: Path) -> None:
        skops = _skops()
        for part in PARTS:
            skops.dump(getattr(self, part), folder / f"{part}.skops")
        about = {"classes": self.classes, "featurizer": save_featurizer(self.featurizer, folder)}
        (folder / "model.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, host: Host) -> Self:
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        featurizer = load_featurizer(about["featurizer"], folder, host)
        parts = {part: _load_skops(folder / f"{part}.skops", host) for part in PARTS}
        return cls(featurizer, classes=tuple(about["classes"]), **parts)


class _WithoutTorch(MetaPathFinder):
    """Refuses to import torch: it then is what it is where it is not installed, absent from ``sys.modules`` too."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name == "torch":
            raise ModuleNotFoundError("No module named 'torch'", name="torch")
        return None


def _skops() -> Any:
    """The module ``skops.io``, imported without torch.

    It asks scikit-learn for all its estimators, and that search imports every package on its way: one of them needs
    torch, which is seconds for nothing, and is passed over where torch cannot be imported.
    """
    if "torch" in sys.modules or "skops.io" in sys.modules:
        return importlib.import_module("skops.io")
    refusing = _WithoutTorch()
    sys.meta_path.insert(0, refusing)
    try:
        return importlib.import_module("skops.io")
    finally:
        sys.meta_path.remove(refusing)


def _load_skops(path: Path, host: Host) -> Any:
    """Load a skops file, trusting only types of scikit-learn, SciPy, NumPy and installed plugins."""
    skops = _skops()
    trusted = {plugin.module.__name__ for plugin in host.plugins if plugin.module is not None}
    unknown = skops.get_untrusted_types(file=path)
    foreign = [name for name in unknown if name.partition(".")[0] not in trusted | {"sklearn", "scipy", "numpy"}]
    if foreign:
        raise UsageError(f"{path}: holds types of no installed plugin: {', '.join(foreign)}; not loaded")
    return skops.load(path, trusted=unknown)
