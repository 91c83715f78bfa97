"""Selectors that look at the probabilities on the unlabelled target alone."""

from __future__ import annotations

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.choosing.selectors import Selector

TINY = 1e-12


class OutputSelector(Selector):
    """Base: a selector of the probabilities of examples, or of tokens, which must be graded."""

    takes_labels = ("classes", "sequence")
    needs_probabilities = True


def entropies(probabilities: np.ndarray) -> np.ndarray:
    """−Σ p log p of each row."""
    return -np.sum(probabilities * np.log(np.maximum(probabilities, TINY)), axis=1)


class Entropy(OutputSelector):
    """Minus the mean entropy of the predictions (Morerio et al., ICLR 2018)."""

    def score(self, candidate: Candidate) -> float:
        return -float(entropies(candidate.probabilities()).mean())


class InfoMax(OutputSelector):
    """Mutual information of example and class: entropy of the mean minus mean of the entropies (Musgrave 2022)."""

    def score(self, candidate: Candidate) -> float:
        probabilities = candidate.probabilities()
        return float(entropies(probabilities.mean(axis=0, keepdims=True))[0] - entropies(probabilities).mean())


class BatchNuclearNorm(OutputSelector):
    """Sum of the singular values of the prediction matrix over √(m C): sure and diverse (Cui et al., CVPR 2020)."""

    needs_probabilities = False

    def score(self, candidate: Candidate) -> float:
        probabilities = candidate.probabilities()
        values = np.linalg.svd(probabilities, compute_uv=False)
        return float(values.sum() / np.sqrt(probabilities.size))


class MaNo(OutputSelector):
    """(mean p⁴)^¼ of the prediction matrix (Xie et al., NeurIPS 2024, eq. 5 with p = 4).

    Differs from the paper
    ----------------------
    Probabilities are as the classifier gives them, where the paper replaces the softmax of unsure logits by a Taylor
    expansion.
    """

    def score(self, candidate: Candidate) -> float:
        return float(np.mean(candidate.probabilities() ** 4) ** 0.25)


class SoftNeighbourhoodDensity(OutputSelector):
    """Mean entropy of each example's softmax similarity to all others, at temperature .05 (Saito et al., ICCV 2021).

    The similarity is the inner product of predictions of length 1. Many near neighbours make a high entropy. At
    most 5,000 examples, evenly spaced, are compared.
    """

    temperature = 0.05
    most = 5000

    def score(self, candidate: Candidate) -> float:
        probabilities = candidate.probabilities()
        probabilities = probabilities[:: max(1, -(-len(probabilities) // self.most))]
        directions = probabilities / np.maximum(np.linalg.norm(probabilities, axis=1, keepdims=True), TINY)
        similarity = directions @ directions.T / self.temperature
        np.fill_diagonal(similarity, -np.inf)
        similarity = np.exp(similarity - similarity.max(axis=1, keepdims=True))
        return float(entropies(similarity / similarity.sum(axis=1, keepdims=True)).mean())
