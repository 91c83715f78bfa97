"""Importance-weighted validation: held-out source examples count as they would in the target."""

from __future__ import annotations

from typing import Any

import numpy as np

from wb_selection.estimators.accuracy import Accuracy, with_errors
from wb_selection.estimators.audited import audited
from wb_selection.estimators.evidence import Evidence
from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import CannotTell, Estimator
from workbench.choosing.importance import log_odds
from workbench.data.inputs import Inputs, kind_of
from workbench.methods.feature_model import FeatureModel
from workbench.scoring.comparing import Estimate
from workbench.scoring.statistics import effective_sample_size

WORDS = 2**12
"""Places that words are hashed to."""

STRENGTH = 0.01
"""Inverse weight of the ridge of the domain classifier, over features of variance 1."""

MOST = 20.0
"""Times the mean weight at which a weight is cut."""

FEWEST = 10.0
"""Effective examples below which weights say nothing."""


class ImportanceWeightedAccuracy(Estimator):
    """Takes the held-out accuracy, each example weighted by its density ratio of target to source, as the accuracy.

    The ratio is the odds of a regularised logistic classifier that tells the domains apart, in the model's adapted
    features, or for a model without features in hashed words or the inputs as they are. Right under covariate shift as
    long as the source covers the target; of text, token weights are those of their sentence.

    References
    ----------
    Sugiyama, Krauledat & Müller (JMLR 2007), Covariate shift adaptation by importance weighted cross validation;
    Bickel, Brückner & Scheffer (JMLR 2009), Discriminative learning under covariate shift.

    Differs from the papers
    -----------------------
    Weights are divided by their mean and cut at twenty times it, which trades variance for bias.
    """

    name = "importance-weighted"
    takes_labels = ("classes", "sequence")
    needs_held_out = True

    def estimate(self, candidate: Candidate) -> Estimate:
        evidence = Evidence.of(candidate)
        accuracy = weighted_accuracy(evidence, density_ratios(candidate))
        return with_errors(accuracy.value, accuracy.standard_error(evidence), audited().errors_of(self.name))


def weighted_accuracy(evidence: Evidence, ratios: np.ndarray) -> Accuracy:
    """The accuracy under density ratios (h,) of the held-out examples, or of their sentences.

    Raises :class:`CannotTell` where fewer than ten examples count effectively.
    """
    weights = np.minimum(ratios / ratios.mean(), MOST)
    weights = weights / weights.mean()
    effective = effective_sample_size(weights)
    if effective < FEWEST:
        raise CannotTell(
            f"the weights collapsed: {effective:.0f} of {len(weights):,} held-out source examples count effectively"
        )
    if evidence.held_out_clusters is not None:
        weights = weights[evidence.held_out_clusters]
        weights = weights / weights.mean()
    value = float(np.mean(weights * evidence.right))
    return Accuracy(value, weights * (evidence.right - value), np.zeros(0))


def density_ratios(candidate: Candidate) -> np.ndarray:
    """p_T(x) / p_S(x) of each held-out source example (h,), of mean 1; of sequences one for each."""
    assert candidate.held_out is not None, "who asks must say needs_held_out"
    source, held_out, target = comparable(candidate, candidate.held_out.inputs)
    ratios = np.exp(np.clip(log_odds(source, target, held_out, STRENGTH), -30, 30))
    return np.asarray(ratios / ratios.mean())


def comparable(candidate: Candidate, held_out: Inputs) -> tuple[Any, Any, Any]:
    """Source, held-out source and target examples as matrices of one space, dense ones of variance 1."""
    source, target = candidate.problem.source.inputs, candidate.problem.target.inputs
    if isinstance(candidate.model, FeatureModel):
        model = candidate.model
        parts = [model.source_features(source), model.source_features(held_out), model.features(target)]
    else:
        parts = [_matrix(inputs) for inputs in (source, held_out, target)]
    if hasattr(parts[0], "tocsr"):
        return parts[0], parts[1], parts[2]
    dense = [np.asarray(part, dtype=np.float64) for part in parts]
    both = np.concatenate([dense[0], dense[2]])
    mean, spread = both.mean(axis=0), both.std(axis=0)
    scaled = [(part - mean) / np.where(spread > 0, spread, 1.0) for part in dense]
    return scaled[0], scaled[1], scaled[2]


def _matrix(inputs: Inputs) -> Any:
    """A row for each example: hashed words of texts and sentences, the values of anything else."""
    kind = kind_of(inputs)
    if kind in ("texts", "sentences"):
        from sklearn.feature_extraction.text import HashingVectorizer

        texts = inputs if kind == "texts" else [" ".join(words) for words in inputs]
        # Rows of √(features) length: a ridge for variance 1 would leave rows of length 1 no say.
        return HashingVectorizer(n_features=WORDS, alternate_sign=False).transform(texts) * np.sqrt(WORDS)
    if kind == "matrix":
        return inputs
    try:
        return np.asarray(inputs, dtype=np.float64).reshape(len(inputs), -1)
    except (TypeError, ValueError):
        raise CannotTell("the examples are of a kind in which densities cannot be compared") from None
