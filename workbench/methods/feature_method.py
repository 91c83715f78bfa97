"""Methods on feature vectors: say how features move, and any scikit-learn estimator does the rest."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import Field

from workbench.data.domains import Domain, Problem, pool
from workbench.data.inputs import Inputs, concatenate, kind_of
from workbench.errors import UsageError
from workbench.methods import memory, scaling
from workbench.methods.contract import Method, Model
from workbench.methods.feature_model import FeatureModel
from workbench.methods.featurizers import Featurizer, choose, featurizer_type, new_featurizer
from workbench.methods.finite import refuse_not_finite
from workbench.methods.scaling import Scaled, Scaling
from workbench.progress import Progress
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.plugins.loading import Host


@dataclass(frozen=True, eq=False)
class Adapted:
    """What :meth:`VectorMethod.adapt` returns.

    Attributes
    ----------
    source : matrix, shape (n_source, d')
        The source features on which the classifier (of real labels: the regressor) is trained.
    transformer : estimator with ``transform``
        Moves target features, seen or unseen, into the same space.
    source_transformer : estimator with ``transform``, optional
        Moves source examples that the fit did not see; by default the target's does.
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
    source_transformer: Any = None


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
    def new_learner(self, problem: Problem) -> Any:
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
        features_name = self.features_name(problem)
        featurizer = self._featurizer(features_name, concatenate([source.inputs, problem.target.inputs]))
        caveats = self._caveats(featurizer, problem)
        for caveat in caveats:
            progress.notice(caveat)
        scaled = self._scaled(featurizer, problem)
        features = concatenate(scaled.sources)
        method, line = self._affordable(features, scaled.target, progress)
        caution = self.caution(features, scaled.target)
        if caution:
            progress.notice(caution)
        progress.update(0.2, "adapting features")
        adapted = method.adapt(features, labels, scaled.target, problem)
        classifier = adapted.classifier
        if classifier is None:
            progress.update(0.7, "training the classifier")
            weights = {} if adapted.weights is None else {"sample_weight": adapted.weights}
            classifier = self.new_learner(problem).fit(adapted.source, labels, **weights)
        model = FeatureModel(featurizer, scaled.transformer, adapted.transformer, classifier, source.classes)
        model.of_source = (scaled.source_transformer, adapted.source_transformer or adapted.transformer)
        model.notes, model.warnings = adapted.notes or {}, (*adapted.warnings, *caveats)
        model.resolved = self.resolved_names(problem, scaled)
        if line:
            model.notes = {**model.notes, "memory": line}
        return model

    def resolved_names(self, problem: Problem, scaled: Scaled) -> dict[str, str]:
        """What the settings that may be ``auto`` came to."""
        return {"features": self.features_name(problem), "scaling": scaled.name}

    def settled(self, problem: Problem) -> dict[str, Any]:
        return {**super().settled(problem), "features": self.features_name(problem)}

    def features_name(self, problem: Problem) -> str:
        """The featurizer that the setting means for these inputs; ``raw`` for a matrix as it is."""
        return choose(self.params.features, problem.sources[0].inputs, self.host)

    def needs(self, source: Any, target: Any) -> memory.Need | None:
        """The largest thing that adapting these features would hold; None where memory grows with the data alone."""
        return None

    def caution(self, source: Any, target: Any) -> str:
        """A line that is told before the fit where adapting these features takes long; empty where it does not."""
        return ""

    def _affordable(self, source: Any, target: Any, progress: Progress) -> tuple[VectorMethod, str]:
        """This method, or, with the notice that was given, one whose settings do without what there is no room for."""
        need = self.needs(source, target)
        line = memory.exceeded(need, memory.free()) if need is not None else ""
        if not line or need is None:
            return self, ""
        progress.notice(line)
        return type(self)(self.params.model_copy(update=dict(need.instead)), self._host), line

    def _featurizer(self, name: str, inputs: Inputs) -> Featurizer | None:
        featurizer = new_featurizer(name, self.host)
        return None if featurizer is None else featurizer.fit(inputs)

    def _caveats(self, featurizer: Featurizer | None, problem: Problem) -> tuple[str, ...]:
        """What the features say of themselves, with the featurizers to take instead; nothing where there are none."""
        if featurizer is None or not featurizer.caveat:
            return ()
        kind, own = kind_of(problem.sources[0].inputs), self.features_name(problem).partition(":")[0]
        others = [entry.name for entry in self.host.featurizers if entry.inputs == kind and entry.name != own]
        return (f"{featurizer.caveat}; give --features {' or '.join(others)}",) if others else ()

    def _scaled(self, featurizer: Featurizer | None, problem: Problem) -> Scaled:
        """The features of every source, of the shots as part of the target, and of the target, scaled."""

        def features(domain: Domain) -> Any:
            matrix = domain.inputs if featurizer is None else featurizer.transform(domain.inputs)
            refuse_not_finite(matrix, f"'{domain.name}'")
            return matrix

        sources = [features(domain) for domain in problem.sources]
        target = features(problem.target)
        wanted = self.params.scaling
        if wanted == "auto":
            wanted = (featurizer.scaling if featurizer is not None else "") or self.auto_scaling(target)
        scaled = scaling.scale(wanted, sources, target)
        if problem.shots is None:
            return scaled
        shots = scaled.transformer.transform(features(problem.shots))
        return replace(scaled, sources=[*scaled.sources, shots])


class FeatureMethod(VectorMethod):
    """Base of methods that move features: any classifier is trained on what :meth:`adapt` returns."""

    shared = (*VectorMethod.shared, "classifier")
    own_classifier: ClassVar[str] = ""
    """The classifier of the method's own protocol, for features that name none; empty for the registered default."""

    class Params(VectorMethod.Params):
        """Settings that every feature method shares with its baseline."""

        classifier: str = Field(
            "auto",
            description="Classifier trained on the adapted source features; auto follows the kind of features, else "
            "the method's own protocol.",
        )

    def new_classifier(self, problem: Problem) -> Any:
        """An unfitted classifier of the kind that the setting means, with the problem's seed."""
        return self.host.classifiers.get(self.classifier_name(problem)).load()(problem.seed)

    def new_learner(self, problem: Problem) -> Any:
        return self.new_classifier(problem)

    def check_labels(self, source: Domain) -> None:
        if len(np.unique(np.asarray(source.labels))) < 2:
            raise UsageError(f"source '{source.name}' has one class only; a classifier needs at least two")

    def settled(self, problem: Problem) -> dict[str, Any]:
        return {**super().settled(problem), "classifier": self.classifier_name(problem)}

    def resolved_names(self, problem: Problem, scaled: Scaled) -> dict[str, str]:
        return {**super().resolved_names(problem, scaled), "classifier": self.classifier_name(problem)}

    def classifier_name(self, problem: Problem) -> str:
        """The classifier that the setting means: ``auto`` is that of the features, else of the method, else the
        registered default."""
        given: str = self.params.classifier
        if given != "auto":
            return given
        featurizer = featurizer_type(self.features_name(problem), self.host)
        of_features = featurizer.classifier if featurizer is not None else ""
        return of_features or self.own_classifier or default_classifier(self.host)

    def baseline_settings(self, baseline: type[Method], problem: Problem) -> dict[str, Any]:
        """The same learner: what ``auto`` means for this method, whatever it would mean for the baseline."""
        shared = super().baseline_settings(baseline, problem)
        return {**shared, "classifier": self.classifier_name(problem)} if "classifier" in shared else shared


def default_classifier(host: Host) -> str:
    """The name of the classifier that is registered as the default. Raises :class:`UsageError` where none is."""
    name = next((entry.name for entry in host.classifiers if entry.default), "")
    if not name:
        raise UsageError("no installed plugin registers a default classifier; give --classifier")
    return name
