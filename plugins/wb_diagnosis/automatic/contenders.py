"""One entry of the portfolio, fitted and estimated without any label of the target."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from wb_diagnosis.automatic.guard import Standing
from wb_diagnosis.automatic.portfolio import Entry
from wb_diagnosis.automatic.views import View
from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import CannotTell, Estimator, lacking
from workbench.choosing.selectors import Selector
from workbench.data.inputs import LabelKind
from workbench.methods.contract import Method, Model
from workbench.plugins.entries import MethodEntry
from workbench.scoring.comparing import Difference, Estimate


@dataclass(frozen=True, eq=False)
class Prepared:
    """An entry whose method is made and whose features are at hand."""

    entry: Entry
    registered: MethodEntry
    method: Method
    view: View


@dataclass(frozen=True, eq=False)
class Contender:
    """A method that was fitted to all but a fifth of the source, and what is known of it.

    Attributes
    ----------
    prepared : Prepared
    candidate : Candidate
        The fitted model, in the view that it was fitted in.
    standing : Standing
    """

    prepared: Prepared
    candidate: Candidate
    standing: Standing

    @property
    def title(self) -> str:
        return self.standing.title

    def refitted(self) -> Model:
        """The same method fitted to the whole source; predicts examples."""
        view = self.prepared.view
        return view.complete(view.fit(self.prepared.method, view.whole))

    def model(self) -> Model:
        """The model as it is, which did not see a fifth of the source; predicts examples."""
        return self.prepared.view.complete(self.candidate.model)


@dataclass(frozen=True, eq=False)
class Judges:
    """What is asked of every fitted model: the deciding estimator of the task, and selectors by name."""

    estimator: Estimator | None
    selectors: Mapping[str, Selector]
    label_kind: LabelKind

    @property
    def fits(self) -> int:
        """How many times a method is fitted to be judged, the fit itself included."""
        by_estimator = self.estimator is not None and self.estimator.refits
        return 1 + by_estimator + sum(selector.refits for selector in self.selectors.values())

    def fit(self, prepared: Prepared, reference: Contender | None) -> Contender:
        """Fit an entry and ask every judge that can tell; the reference is what its gain is counted from."""
        start = time.perf_counter()
        view = prepared.view
        fit = partial(view.fit, prepared.method)
        model = fit(view.training)
        predictions = model.predict(view.training.target.inputs)
        candidate = Candidate(model, view.training, view.held_out, predictions, fit, self.label_kind)
        standing = Standing(
            prepared.entry.title,
            self._estimate(candidate),
            self._difference(reference.candidate, candidate) if reference is not None else None,
            self._scores(candidate),
            prepared.entry.usual,
            time.perf_counter() - start,
        )
        return Contender(prepared, candidate, standing)

    def _estimate(self, candidate: Candidate) -> Estimate | None:
        if self.estimator is None or lacking(self.estimator, candidate):
            return None
        try:
            return self.estimator.estimate(candidate)
        except CannotTell:
            return None

    def _difference(self, reference: Candidate, candidate: Candidate) -> Difference | None:
        if self.estimator is None or lacking(self.estimator, candidate) or lacking(self.estimator, reference):
            return None
        try:
            return self.estimator.estimate_difference(reference, candidate)
        except CannotTell:
            return None

    def _scores(self, candidate: Candidate) -> dict[str, float]:
        able = {name: selector for name, selector in self.selectors.items() if _can(selector, candidate)}
        return {name: selector.score(candidate) for name, selector in able.items()}


def _can(selector: Selector, candidate: Candidate) -> bool:
    """Whether a selector can score a candidate."""
    return (
        candidate.label_kind in selector.takes_labels
        and (not selector.needs_features or candidate.has_features)
        and (not selector.needs_probabilities or candidate.has_probabilities)
    )
