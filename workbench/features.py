"""Methods on feature vectors: say how features move, and any scikit-learn classifier does the rest."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from pydantic import Field

from workbench import memory, scaling
from workbench.domains import Inputs, Predictions, Problem, concatenate, count, pool
from workbench.errors import UsageError
from workbench.methods import Method, Model
from workbench.progress import Progress
from workbench.scaling import Scaled, Scaling
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.plugins import Host


class Featurizer(ABC):
    """Turns examples into a feature matrix; fitted on the inputs of source and target, never on labels."""

    scaling: ClassVar[str] = ""
    """The scaling that ``--scaling auto`` takes for these features; empty for the rule of ``workbench.scaling``."""

    @abstractmethod
    def fit(self, inputs: Inputs) -> Self:
        """Learn e.g. a vocabulary from unlabelled inputs of both domains."""

    def fit_domains(self, source: Inputs, target: Inputs) -> Self:
        """The same where it matters which domain an input is of; else nothing to write."""
        return self.fit(concatenate([source, target]))

    @abstractmethod
    def transform(self, inputs: Inputs) -> Any:
        """A dense or sparse matrix of shape (n, d): a row for each example, or for each word of the sentences."""

    @abstractmethod
    def save(self, folder: Path) -> None: ...

    @classmethod
    @abstractmethod
    def load(cls, folder: Path) -> Self: ...


PARTS = ("scaler", "transformer", "classifier")
"""The estimators of a feature model, in the order in which target examples pass them."""


@dataclass(frozen=True, eq=False)
class Adapted:
    """What :meth:`FeatureMethod.adapt` returns.

    Attributes
    ----------
    source : matrix, shape (n_source, d')
        The source features on which the classifier is trained.
    transformer : estimator with ``transform``
        Moves target features, seen or unseen, into the same space.
    weights : ndarray, shape (n_source,), optional
        Importance of each source example for the classifier.
    classifier : estimator with ``predict``, optional
        A fitted classifier of adapted features, for a method that is one; the user's choice is then not used.
    notes : dict, optional
        JSON values that the record keeps.
    warnings : tuple of str
        What the user must know of this fit, one sentence each.
    """

    source: Any
    transformer: Any
    weights: np.ndarray | None = None
    classifier: Any = None
    notes: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()


class FeatureModel(Model):
    """Featurizer, scaler, transformer and classifier; the last three are saved with skops."""

    def __init__(
        self,
        featurizer: Featurizer | None,
        name: str,
        scaler: Any,
        transformer: Any,
        classifier: Any,
        classes: tuple[str, ...],
    ) -> None:
        self.featurizer, self.featurizer_name = featurizer, name
        self.scaler, self.transformer, self.classifier, self.classes = scaler, transformer, classifier, classes

    def features(self, inputs: Inputs) -> Any:
        """The adapted features of target examples, seen or unseen: shape (n, d')."""
        features = inputs if self.featurizer is None else self.featurizer.transform(inputs)
        return self.transformer.transform(self.scaler.transform(features))

    def predict(self, inputs: Inputs) -> Predictions:
        if count(inputs) == 0:
            return Predictions(np.zeros(0, dtype=np.int64), self.classes)
        moved = self.features(inputs)
        probabilities = None
        if hasattr(self.classifier, "predict_proba"):
            found = self.classifier.predict_proba(moved)
            probabilities = np.zeros((len(found), len(self.classes)))
            probabilities[:, self.classifier.classes_] = found
        return Predictions(np.asarray(self.classifier.predict(moved)), self.classes, probabilities)

    def save(self, folder: Path) -> None:
        from skops.io import dump

        for part in PARTS:
            dump(getattr(self, part), folder / f"{part}.skops")
        about = {"classes": self.classes, "featurizer": self.featurizer_name}
        about["featurizer_class"] = save_featurizer(self.featurizer, folder)
        (folder / "model.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        featurizer = load_featurizer(about.get("featurizer_class", ""), folder)
        parts = {part: _load_skops(folder / f"{part}.skops") for part in PARTS}
        return cls(featurizer, about["featurizer"], classes=tuple(about["classes"]), **parts)


class FeatureMethod(Method):
    """Base of methods that move features.

    A subclass implements :meth:`adapt`; featurising, scaling, the classifier, prediction and saving are here.
    Shots, where there are any, count as source examples and stand last. Its estimators are plain scikit-learn ones
    and work outside wb too.
    """

    model: ClassVar[type[Model]] = FeatureModel
    several_sources = "each scaled by itself where the scaling is within domains, then pooled into one source"

    class Params(Settings):
        """Settings that every feature method shares with its baseline."""

        features: str = Field(
            "auto", description="Featurizer, e.g. tfidf or embedding:minilm; raw (a matrix as it is) or auto."
        )
        classifier: str = Field("logreg", description="Classifier trained on the adapted source features.")
        scaling: Scaling = Field(
            "auto",
            description="Of the features, before all else: as they are, rows of length 1, z-scores over both domains "
            "or within each, or rows that sum to 1 (hellinger: and their square roots) and z-scores within each; auto "
            "follows the kind of features.",
        )

    @abstractmethod
    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        """Source features (n, d), their class ids (n,), and target features (m, d) to :class:`Adapted`."""

    def fit(self, problem: Problem, progress: Progress) -> FeatureModel:
        labelled = [*problem.sources, *([problem.shots] if problem.shots is not None else [])]
        source = pool(labelled)
        labels = np.asarray(source.labels)
        if len(np.unique(labels)) < 2:
            raise UsageError(f"source '{source.name}' has one class only; a classifier needs at least two")
        name = choose(self.params.features, source.inputs, self.host)
        featurizer = self._featurizer(name, concatenate([source.inputs, problem.target.inputs]))
        scaled = self._scaled(featurizer, problem)
        features = concatenate(scaled.sources)
        method, line = self._affordable(features, scaled.target, progress)
        progress.update(0.2, "adapting features")
        adapted = method.adapt(features, labels, scaled.target, problem)
        classifier = adapted.classifier
        if classifier is None:
            progress.update(0.7, "training the classifier")
            weights = {} if adapted.weights is None else {"sample_weight": adapted.weights}
            classifier = self.new_classifier(problem.seed).fit(adapted.source, labels, **weights)
        model = FeatureModel(featurizer, name, scaled.transformer, adapted.transformer, classifier, source.classes)
        model.notes, model.warnings = adapted.notes or {}, adapted.warnings
        if line:
            model.notes = {**model.notes, "memory": line}
        return model

    def needs(self, source: Any, target: Any) -> memory.Need | None:
        """The largest thing that adapting these features would hold; None where memory grows with the data alone."""
        return None

    def _affordable(self, source: Any, target: Any, progress: Progress) -> tuple[FeatureMethod, str]:
        """This method, or, with the line that was said, one whose settings do without what there is no room for."""
        need = self.needs(source, target)
        line = memory.exceeded(need, memory.free()) if need is not None else ""
        if not line or need is None:
            return self, ""
        progress.notice(line)
        return type(self)(self.params.model_copy(update=dict(need.instead)), self._host), line

    def new_classifier(self, seed: int) -> Any:
        """An unfitted classifier of the kind that the user chose."""
        return self.host.classifiers.get(self.params.classifier).load()(seed)

    def _featurizer(self, name: str, inputs: Inputs) -> Featurizer | None:
        found = new_featurizer(name, self.host)
        return None if found is None else found.fit(inputs)

    def _scaled(self, featurizer: Featurizer | None, problem: Problem) -> Scaled:
        """The features of every source, of the shots as part of the target, and of the target, scaled."""

        def features(inputs: Inputs) -> Any:
            return inputs if featurizer is None else featurizer.transform(inputs)

        sources = [features(domain.inputs) for domain in problem.sources]
        target = features(problem.target.inputs)
        wanted = self.params.scaling
        if wanted == "auto":
            wanted = (featurizer.scaling if featurizer is not None else "") or scaling.choose(target)
        scaled = scaling.scale(wanted, sources, target)
        if problem.shots is None:
            return scaled
        shots = scaled.transformer.transform(features(problem.shots.inputs))
        return replace(scaled, sources=[*scaled.sources, shots])


def kind_of(inputs: Inputs) -> str:
    """The kind of inputs that a featurizer would have to take: matrix, texts, sentences (of words) or images."""
    if getattr(inputs, "ndim", 0) == 2:
        return "matrix"
    if not count(inputs):
        return "images"
    first = inputs[0]
    if isinstance(first, (list, tuple)) and all(isinstance(word, str) for word in first):
        return "sentences"
    return "texts" if isinstance(first, str) else "images"


def choose(name: str, inputs: Inputs, host: Host, option: str = "--features") -> str:
    """The featurizer that ``name`` means for these inputs; raises :class:`UsageError` where it does not fit.

    A name may say what a featurizer is to be made of, after a colon: ``embedding:minilm``. ``option`` is the setting
    that the error names.
    """
    kind = kind_of(inputs)
    fitting = [entry for entry in host.featurizers if entry.inputs == kind]
    if name == "auto":
        if kind == "matrix":
            return "raw"
        name = next((entry.name for entry in fitting if entry.default), "raw")
    registered = name.partition(":")[0]
    if (name == "raw" and kind != "matrix") or (name != "raw" and host.featurizers.get(registered) not in fitting):
        names = ", ".join(entry.name for entry in fitting) or "none is installed"
        raise UsageError(f"{option} {name} does not take {kind}; featurizers that do: {names}")
    return name


def new_featurizer(name: str, host: Host) -> Featurizer | None:
    """An unfitted featurizer of a name that :func:`choose` gave; None for raw features."""
    if name == "raw":
        return None
    kind, _, of = name.partition(":")
    featurizer_type = host.featurizers.get(kind).load()
    found: Featurizer = featurizer_type(of) if of else featurizer_type()
    return found


def save_featurizer(featurizer: Featurizer | None, folder: Path) -> str:
    """Write a featurizer below ``folder``; returns the reference that :func:`load_featurizer` asks for."""
    if featurizer is None:
        return ""
    (folder / "featurizer").mkdir()
    featurizer.save(folder / "featurizer")
    kind = type(featurizer)
    return f"{kind.__module__}:{kind.__qualname__}"


def load_featurizer(reference: str, folder: Path) -> Featurizer | None:
    """The featurizer that :func:`save_featurizer` wrote; None for an empty reference."""
    if not reference:
        return None
    found: Featurizer = _import(reference).load(folder / "featurizer")
    return found


def _import(reference: str) -> Any:
    import importlib

    module, _, name = reference.partition(":")
    return getattr(importlib.import_module(module), name)


def _load_skops(path: Path) -> Any:
    """Load a skops file, trusting only types of scikit-learn, SciPy, NumPy and installed plugins."""
    from skops.io import get_untrusted_types
    from skops.io import load as load_skops

    from workbench.plugins import load

    trusted = {plugin.module.__name__ for plugin in load().plugins if plugin.module is not None}
    unknown = get_untrusted_types(file=path)
    foreign = [name for name in unknown if name.partition(".")[0] not in trusted | {"sklearn", "scipy", "numpy"}]
    if foreign:
        raise UsageError(f"{path}: holds types of no installed plugin: {', '.join(foreign)}; not loaded")
    return load_skops(path, trusted=unknown)
