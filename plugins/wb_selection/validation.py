"""Selectors that validate on labelled source examples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.choosing.importance import log_odds
from workbench.choosing.selectors import Selector
from workbench.data.domains import Domain, Predictions


class ImportanceWeightedValidation(Selector):
    """Minus the loss on held-out source examples, each weighted by its density ratio (Sugiyama et al., JMLR 2007).

    The loss is 0 or 1; of real labels the squared error.

    Differs from the paper
    ----------------------
    The ratio is that of a logistic domain classifier.
    """

    takes_labels = ("classes", "real")
    needs_held_out = True
    needs_features = True

    def score(self, candidate: Candidate) -> float:
        weights, losses = weighted_losses(candidate)
        return -float(np.mean(weights * losses))


class DeepEmbeddedValidation(Selector):
    """Importance-weighted validation with a control variate (You et al., ICML 2019, eq. 8).

    risk = mean(w ℓ) + η mean(w) − η with η = −Cov(w ℓ, w) / Var(w), since the weights' mean is known to be 1.
    """

    takes_labels = ("classes", "real")
    needs_held_out = True
    needs_features = True

    def score(self, candidate: Candidate) -> float:
        weights, losses = weighted_losses(candidate)
        weighted = weights * losses
        spread = float(np.var(weights, ddof=1)) if len(weights) > 1 else 0.0
        if spread == 0:
            return -float(weighted.mean())
        eta = -float(np.cov(weighted, weights, ddof=1)[0, 1]) / spread
        return -float(weighted.mean() + eta * weights.mean() - eta)


def weighted_losses(candidate: Candidate) -> tuple[np.ndarray, np.ndarray]:
    """Density ratios and losses of the held-out source examples, both (h,)."""
    assert candidate.held_out is not None
    source = candidate.common(candidate.problem.source.inputs)
    target = candidate.common(candidate.problem.target.inputs)
    held_out = candidate.common(candidate.held_out.inputs)
    odds = np.exp(np.clip(log_odds(source, target, held_out, balanced=False), -30, 30))
    predictions = candidate.model.predict(candidate.held_out.inputs)
    losses = losses_of(predictions, candidate.held_out, candidate.label_kind == "real")
    return odds * source.shape[0] / target.shape[0], losses


def losses_of(predictions: Predictions, gold: Domain, real: bool) -> np.ndarray:
    """(n,): squared errors of real labels, else 0 where the class is right and 1 where it is not."""
    if real:
        return np.asarray((predictions.labels - gold.labels) ** 2, dtype=np.float64)
    predicted = np.array(predictions.classes)[predictions.labels]
    return np.asarray(predicted != np.array(gold.classes)[gold.labels], dtype=np.float64)


class ReverseValidation(Selector):
    """Accuracy on the source of the same method, fitted from the pseudo-labelled target back to the unlabelled source.

    Of real labels minus the mean squared error. Zhong et al. (ECML 2010), Cross validation framework to choose amongst
    models and datasets for transfer learning.
    """

    takes_labels = ("classes", "real")
    refits = True

    def score(self, candidate: Candidate) -> float:
        problem, pseudo = candidate.problem, candidate.predictions
        real = candidate.label_kind == "real"
        if not real and len(np.unique(pseudo.labels)) < 2:
            return -1.0
        source = problem.source
        back = replace(
            problem,
            sources=(Domain(problem.target.name, problem.task, problem.target.inputs, pseudo.labels, pseudo.classes),),
            target=source.unlabelled(),
            source_unlabelled=None,
            shots=None,
            transductive=True,
        )
        returned = candidate.fit(back).predict(source.inputs)
        loss = float(np.mean(losses_of(returned, source, real)))
        return -loss if real else 1 - loss
