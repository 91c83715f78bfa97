"""What estimators look at: the model's words on held-out source and on target examples, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.data.inputs import Labels
from workbench.scoring.calibration import calibrate


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a model says of h held-out source and of m target examples, or of their tokens where they are sequences.

    Attributes
    ----------
    held_out, target : ndarray, shapes (h, C) and (m, C)
        Probabilities; of a model that gives none, 1 for the predicted class.
    held_out_predicted, target_predicted : ndarray of int, shapes (h,) and (m,)
    labels : ndarray of int, shape (h,)
        The true classes of the held-out examples.
    held_out_clusters, target_clusters : ndarray of int, shapes (h,) and (m,), optional
        The sentence of each token: tokens of one sentence do not err independently.
    seed : int
        For samples and bootstraps.
    """

    held_out: np.ndarray
    held_out_predicted: np.ndarray
    labels: np.ndarray
    target: np.ndarray
    target_predicted: np.ndarray
    held_out_clusters: np.ndarray | None = None
    target_clusters: np.ndarray | None = None
    seed: int = 0

    @classmethod
    def of(cls, candidate: Candidate) -> Evidence:
        """The evidence of a candidate with held-out source examples."""
        held_out, target = candidate.held_out_predictions, candidate.predictions
        return cls(
            candidate.held_out_probabilities(),
            flat(held_out.labels),
            candidate.held_out_labels(),
            candidate.probabilities(),
            flat(target.labels),
            clusters_of(held_out.labels),
            clusters_of(target.labels),
            candidate.problem.seed,
        )

    @property
    def classes(self) -> int:
        return int(self.target.shape[1])

    @cached_property
    def right(self) -> np.ndarray:
        """(h,): 1 where the held-out example is predicted right, else 0."""
        return np.asarray(self.held_out_predicted == self.labels, dtype=np.float64)

    @cached_property
    def graded(self) -> bool:
        """Whether the model is ever in doubt."""
        return bool(np.any((self.target != 0) & (self.target != 1)))

    @cached_property
    def softened(self) -> tuple[np.ndarray, np.ndarray]:
        """Held-out and target probabilities after temperature scaling on the held-out examples."""
        if not self.graded:
            return self.held_out, self.target
        temperature = calibrate(self.held_out, self.labels, biases=False)
        return temperature.apply(self.held_out), temperature.apply(self.target)


def flat(labels: Labels) -> np.ndarray:
    """Labels of examples as they are, those of the tokens of all sequences in a row."""
    return labels if isinstance(labels, np.ndarray) else np.concatenate([np.zeros(0, dtype=np.int64), *labels])


def clusters_of(labels: Labels) -> np.ndarray | None:
    """The sequence of each token; None where examples are no sequences."""
    return None if isinstance(labels, np.ndarray) else np.repeat(np.arange(len(labels)), [len(row) for row in labels])


def of_predicted(probabilities: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """(n,): the probability of the predicted class."""
    return np.asarray(probabilities[np.arange(len(predicted)), predicted])
