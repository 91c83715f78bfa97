"""Methods on feature vectors: say how features move, and any scikit-learn estimator does the rest."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import Field

from workbench.data.domains import Domain, Problem, pool
from workbench.data.inputs import Inputs, concatenate
from workbench.errors import UsageError
from workbench.methods import memory, scaling
from workbench.methods.contract import Method, Model
from workbench.methods.scaling import Scaled, Scaling
from workbench.progress import Progress
from workbench.settings import Settings

if TYPE_CHECKING:
    pass
from workbench.methods.feature_model import FeatureModel
from workbench.methods.featurizers import Featurizer, choose, new_featurizer


@dataclass(frozen=True, eq=False)
class Adapted:
    """What :meth:`VectorMethod.adapt` returns.

    Attributes
    ----------
    source : matrix, shape (n_source, d')
        The source features on which the classifier (of real labels: the regressor) is trained.
    transformer : estimator with ``transform``
        Moves target features, seen or unseen, into the same space.
    weights : ndarray, shape (n_source,), optional
        Importance of each source example for the classifier.
    classifier : estimator with ``predict``, optional
        A fitted classifier (or regressor) of adapted features, for a method that is one; the user's choice is then not
        used.
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


class VectorMethod(Method):
    """Base of methods over feature vectors, whatever their labels are.

    A subclass implements :meth:`adapt` and :meth:`new_learner`; featurising, scaling, prediction and saving are here.
    Shots, where there are any, count as source examples and stand last. Its estimators are plain scikit-learn ones
    and work outside wb too.
    """

    model: ClassVar[type[Model]] = FeatureModel
    shared: ClassVar[tuple[str, ...]] = ("features", "scaling")
    several_sources = "each scaled by itself where the scaling is within domains, then pooled into one source"

    class Params(Settings):
        """Settings that every method over feature vectors shares with its baseline."""

        features: str = Field(
            "auto", description="Featurizer, e.g. tfidf or embedding:minilm; raw (a matrix as it is) or auto."
        )
        scaling: Scaling = Field(
            "auto",
            description="Of the features, before all else: as they are, rows of length 1, z-scores over both domains "
            "or within each, or rows that sum to 1 (hellinger: and their square roots) and z-scores within each; auto "
            "follows the kind of features.",
        )

    @abstractmethod
    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        """Source features (n, d), their labels (n,), and target features (m, d) to :class:`Adapted`."""

    @abstractmethod
    def new_learner(self, seed: int) -> Any:
        """The unfitted estimator that is trained on the adapted source features and their labels."""

    def check_labels(self, source: Domain) -> None:
        """Raises :class:`UsageError` where nothing can be learnt from the labels."""

    def auto_scaling(self, features: Any) -> str:
        """The scaling that ``auto`` means for these features, where the featurizer asks for none."""
        return scaling.choose(features)

    def fit(self, problem: Problem, progress: Progress) -> FeatureModel:
        labelled = [*problem.sources, *([problem.shots] if problem.shots is not None else [])]
        source = pool(labelled)
        labels = np.asarray(source.labels)
        self.check_labels(source)
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
            classifier = self.new_learner(problem.seed).fit(adapted.source, labels, **weights)
        model = FeatureModel(featurizer, scaled.transformer, adapted.transformer, classifier, source.classes)
        model.notes, model.warnings = adapted.notes or {}, adapted.warnings
        if line:
            model.notes = {**model.notes, "memory": line}
        return model

    def needs(self, source: Any, target: Any) -> memory.Need | None:
        """The largest thing that adapting these features would hold; None where memory grows with the data alone."""
        return None

    def _affordable(self, source: Any, target: Any, progress: Progress) -> tuple[VectorMethod, str]:
        """This method, or, with the line that was said, one whose settings do without what there is no room for."""
        need = self.needs(source, target)
        line = memory.exceeded(need, memory.free()) if need is not None else ""
        if not line or need is None:
            return self, ""
        progress.notice(line)
        return type(self)(self.params.model_copy(update=dict(need.instead)), self._host), line

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
            wanted = (featurizer.scaling if featurizer is not None else "") or self.auto_scaling(target)
        scaled = scaling.scale(wanted, sources, target)
        if problem.shots is None:
            return scaled
        shots = scaled.transformer.transform(features(problem.shots.inputs))
        return replace(scaled, sources=[*scaled.sources, shots])


class FeatureMethod(VectorMethod):
    """Base of methods that move features: any classifier is trained on what :meth:`adapt` returns."""

    shared = (*VectorMethod.shared, "classifier")

    class Params(VectorMethod.Params):
        """Settings that every feature method shares with its baseline."""

        classifier: str = Field("logreg", description="Classifier trained on the adapted source features.")

    def new_classifier(self, seed: int) -> Any:
        """An unfitted classifier of the kind that the user chose."""
        return self.host.classifiers.get(self.params.classifier).load()(seed)

    def new_learner(self, seed: int) -> Any:
        return self.new_classifier(seed)

    def check_labels(self, source: Domain) -> None:
        if len(np.unique(np.asarray(source.labels))) < 2:
            raise UsageError(f"source '{source.name}' has one class only; a classifier needs at least two")
