"""Selectors that compare the predictions with the structure of the target's features."""

from __future__ import annotations

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.choosing.selectors import Selector


class ClassAMI(Selector):
    """Adjusted mutual information of k-means clusters of the adapted target features and the predicted classes.

    As many clusters as classes. Musgrave, Belongie & Lim (2022), Three new validators and a large-scale benchmark
    ranking for unsupervised domain adaptation.
    """

    needs_features = True

    def score(self, candidate: Candidate) -> float:
        from sklearn.cluster import KMeans
        from sklearn.metrics import adjusted_mutual_info_score
        from sklearn.preprocessing import normalize

        features = normalize(candidate.adapted(candidate.problem.target.inputs))
        clusters = KMeans(min(candidate.classes, len(features)), n_init=3, random_state=candidate.problem.seed)
        return float(adjusted_mutual_info_score(candidate.predictions.labels, clusters.fit_predict(features)))


class MixVal(Selector):
    """Share of mixtures of two target examples that are classified as their greater part (Hu et al., 2023).

    Mixtures are 55 % of one example and 45 % of another, of the same and of other predicted classes; both shares are
    averaged.

    Differs from the paper
    ----------------------
    Adapted features are mixed rather than inputs, with one mixing ratio.
    """

    greater = 0.55
    needs_features = True

    def score(self, candidate: Candidate) -> float:
        features = candidate.adapted(candidate.problem.target.inputs)
        labels = np.asarray(candidate.predictions.labels)
        partner = np.random.default_rng(candidate.problem.seed).permutation(len(features))
        mixed = self.greater * features + (1 - self.greater) * features[partner]
        agrees = candidate.classify(mixed) == labels
        same = labels == labels[partner]
        return float(np.mean([agrees[part].mean() for part in (same, ~same) if part.any()]))
