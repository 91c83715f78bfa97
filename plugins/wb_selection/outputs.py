"""Selectors that look at the probabilities on the unlabelled target alone."""

from __future__ import annotations

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.choosing.selectors import Selector

TINY = 1e-12


def entropies(probabilities: np.ndarray) -> np.ndarray:
    """−Σ p log p of each row."""
    return -np.sum(probabilities * np.log(np.maximum(probabilities, TINY)), axis=1)


class Entropy(Selector):
    """Minus the mean entropy of the predictions (Morerio et al., ICLR 2018)."""

    def score(self, candidate: Candidate) -> float:
        return -float(entropies(candidate.soft_probabilities("entropy")).mean())


class InfoMax(Selector):
    """Mutual information of example and class: entropy of the mean minus mean of the entropies (Musgrave 2022)."""

    def score(self, candidate: Candidate) -> float:
        found = candidate.soft_probabilities("infomax")
        return float(entropies(found.mean(axis=0, keepdims=True))[0] - entropies(found).mean())


class BatchNuclearNorm(Selector):
    """Sum of the singular values of the prediction matrix over √(m C): sure and diverse (Cui et al., CVPR 2020)."""

    def score(self, candidate: Candidate) -> float:
        found = candidate.probabilities()
        values = np.linalg.svd(found, compute_uv=False)
        return float(values.sum() / np.sqrt(found.size))


class MaNo(Selector):
    """(mean p⁴)^¼ of the prediction matrix (Xie et al., NeurIPS 2024, eq. 5 with p = 4).

    Differs from the paper
    ----------------------
    Probabilities are as the classifier gives them, where the paper replaces the softmax of unsure logits by a Taylor
    expansion.
    """

    def score(self, candidate: Candidate) -> float:
        return float(np.mean(candidate.soft_probabilities("mano") ** 4) ** 0.25)


class SoftNeighbourhoodDensity(Selector):
    """Mean entropy of each example's softmax similarity to all others, at temperature .05 (Saito et al., ICCV 2021).

    The similarity is the inner product of predictions of length 1. Many near neighbours make a high entropy. At
    most 5,000 examples, evenly spaced, are compared.
    """

    temperature = 0.05
    most = 5000

    def score(self, candidate: Candidate) -> float:
        found = candidate.soft_probabilities("snd")
        found = found[:: max(1, -(-len(found) // self.most))]
        found = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), TINY)
        similarity = found @ found.T / self.temperature
        np.fill_diagonal(similarity, -np.inf)
        similarity = np.exp(similarity - similarity.max(axis=1, keepdims=True))
        return float(entropies(similarity / similarity.sum(axis=1, keepdims=True)).mean())
