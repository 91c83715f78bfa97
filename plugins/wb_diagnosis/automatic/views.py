"""What methods are fitted to: the examples, or their features, which are made once for all methods that share them."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, replace

from workbench.choosing.grid import hold_out
from workbench.data.domains import Domain, Problem
from workbench.data.inputs import LabelKind, concatenate
from workbench.methods.contract import Method, Model
from workbench.methods.feature_method import VectorMethod
from workbench.methods.feature_model import FeatureModel
from workbench.methods.featurizers import Featurizer, new_featurizer
from workbench.plugins.loading import Host
from workbench.progress import Progress


@dataclass(frozen=True, eq=False)
class View:
    """A problem as methods are fitted to it.

    Attributes
    ----------
    examples : Problem
        What the user gave.
    whole : Problem
        The same, or its features.
    training : Problem
        The whole without a fifth of the labelled source.
    held_out : Domain
        That fifth: the same examples in every view.
    features : str
        Of which the problem is made; empty where it holds the examples themselves.
    featurizer : Featurizer or None
        What made them; None where the problem holds the examples themselves.
    """

    examples: Problem
    whole: Problem
    training: Problem
    held_out: Domain
    features: str = ""
    featurizer: Featurizer | None = None

    def fit(self, method: Method, problem: Problem) -> Model:
        """Fit a method, made for the examples themselves, to :attr:`whole`, :attr:`training` or one like them.

        The model takes what the problem holds; :meth:`complete` gives the one that takes examples.
        """
        return self.method(method).fit(problem, Progress())

    def method(self, method: Method) -> Method:
        """The same method over the features that are made already."""
        if self.featurizer is None or not isinstance(method, VectorMethod):
            return method
        scaling = method.params.scaling
        if scaling == "auto" and self.featurizer.scaling:
            scaling = self.featurizer.scaling
        settled = {**method.settled(self.examples), "features": "raw", "scaling": scaling}
        return type(method)(method.params.model_copy(update=settled), method.host)

    def complete(self, model: Model) -> Model:
        """The model with the featurizer before it: predicts examples, and can be saved."""
        if self.featurizer is None or not isinstance(model, FeatureModel):
            return model
        whole = copy.copy(model)
        whole.featurizer = self.featurizer
        whole.resolved = {**model.resolved, "features": self.features}
        return whole


class Views:
    """The views of a problem, each made when a method first needs it."""

    def __init__(self, problem: Problem, label_kind: LabelKind, host: Host) -> None:
        self.problem, self.label_kind, self.host = problem, label_kind, host
        self._views: dict[str, View] = {}
        self.longest = 0.0
        """Seconds that the slowest of the features took for all examples."""

    def of(self, method: Method) -> View:
        """The view that a method is fitted to."""
        features = self.features_of(method)
        if features not in self._views:
            start = time.perf_counter()
            self._views[features] = self._new(features)
            self.longest = max(self.longest, time.perf_counter() - start)
        return self._views[features]

    def has(self, method: Method) -> bool:
        """Whether the features of a method are made."""
        return self.features_of(method) in self._views

    def features_of(self, method: Method) -> str:
        """The name of the features that a method wants of these examples; empty for the examples themselves."""
        if not isinstance(method, VectorMethod):
            return ""
        name = method.features_name(self.problem)
        return "" if name == "raw" else name

    def _new(self, features: str) -> View:
        featurizer = new_featurizer(features, self.host) if features else None
        whole = self.problem
        if featurizer is not None:
            # As a method would: the vocabulary comes from the labelled source and the target.
            inputs = [*(domain.inputs for domain in whole.sources), whole.target.inputs]
            featurizer = featurizer.fit(concatenate(inputs))
            whole = _featurised(whole, featurizer)
        training, held_out = hold_out(whole, self.label_kind, self.host)
        return View(self.problem, whole, training, held_out, features, featurizer)


def _featurised(problem: Problem, featurizer: Featurizer) -> Problem:
    """The problem with features in the place of the examples."""

    def vectors(domain: Domain) -> Domain:
        return replace(domain, inputs=featurizer.transform(domain.inputs))

    unlabelled = problem.source_unlabelled
    return replace(
        problem,
        sources=tuple(vectors(domain) for domain in problem.sources),
        target=vectors(problem.target),
        source_unlabelled=vectors(unlabelled) if unlabelled is not None else None,
    )
