"""A linear-chain conditional random field over sparse feature ids and, if given, dense features."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

INITIAL_SQUARES, INITIAL_DENSE_SQUARES = 1.0, 0.1
"""What AdaGrad's sums start from: large, so that a feature's first occurrences do not overshoot."""

Report = Callable[[float, str], None]


class LinearChainCRF:
    """Conditional random field trained by AdaGrad, one sentence a step.

    Parameters
    ----------
    epochs : int
    rate : float
        Step size of AdaGrad for the sparse weights and the transitions.
    dense_rate : float
        Step size for the dense features.
    decay : float
        L2 pull on transitions and dense weights at each step.
    seed : int
        Order of the sentences.

    Attributes
    ----------
    emission_ : ndarray of float32, shape (features, tags)
    projection_ : ndarray of float32, shape (dense features, tags)
    transition_ : ndarray of float32, shape (tags + 1, tags)
        From tag to tag; the last row is from the start of a sentence.

    References
    ----------
    Lafferty, McCallum & Pereira (ICML 2001); Duchi, Hazan & Singer (JMLR 2011).
    """

    def __init__(
        self, epochs: int = 12, rate: float = 0.2, dense_rate: float = 0.03, decay: float = 0.0, seed: int = 0
    ) -> None:
        self.epochs = epochs
        self.rate = rate
        self.dense_rate = dense_rate
        self.decay = decay
        self.seed = seed

    def fit(
        self,
        ids: np.ndarray,
        offsets: np.ndarray,
        tags: np.ndarray,
        n_features: int,
        n_tags: int,
        dense: np.ndarray | None = None,
        weights: np.ndarray | None = None,
        report: Report = lambda fraction, message: None,
    ) -> LinearChainCRF:
        """Train on the sentences ``offsets[i] … offsets[i + 1]``.

        Parameters
        ----------
        ids : ndarray of int32, shape (tokens, templates)
            Feature ids, −1 for none.
        tags : ndarray of int64, shape (tokens,)
        dense : ndarray of float32, shape (tokens, d), optional
        weights : ndarray, shape (sentences,), optional
            How much each sentence counts.
        """
        from wb_text.tagging import crf_loops

        dense = _dense(dense, len(ids))
        sentence_weights = np.ones(len(offsets) - 1) if weights is None else np.asarray(weights, dtype=np.float64)
        self.emission_ = np.zeros((n_features, n_tags), dtype=np.float32)
        self.projection_ = np.zeros((dense.shape[1], n_tags), dtype=np.float32)
        self.transition_ = np.zeros((n_tags + 1, n_tags), dtype=np.float32)
        squares = [
            np.full_like(self.emission_, INITIAL_SQUARES),
            np.full_like(self.projection_, INITIAL_DENSE_SQUARES),
            np.full_like(self.transition_, INITIAL_SQUARES),
        ]
        generator = np.random.default_rng(self.seed)
        for epoch in range(self.epochs):
            loss = crf_loops.train_epoch(
                generator.permutation(len(offsets) - 1),
                offsets,
                ids,
                dense,
                tags,
                sentence_weights.astype(np.float32),
                self.emission_,
                squares[0],
                self.projection_,
                squares[1],
                self.transition_,
                squares[2],
                np.float32(self.rate),
                np.float32(self.dense_rate),
                np.float32(self.decay),
            )
            report((epoch + 1) / self.epochs, f"epoch {epoch + 1} of {self.epochs}, loss {loss / len(ids):.3f} a token")
        return self

    def predict(self, ids: np.ndarray, offsets: np.ndarray, dense: np.ndarray | None = None) -> np.ndarray:
        """The most probable tag sequence of every sentence (Viterbi), int64 of shape (tokens,)."""
        from wb_text.tagging import crf_loops

        out = np.zeros(len(ids), dtype=np.int64)
        crf_loops.viterbi(
            offsets, ids, _dense(dense, len(ids)), self.emission_, self.projection_, self.transition_, out
        )
        return out

    def marginals(self, ids: np.ndarray, offsets: np.ndarray, dense: np.ndarray | None = None) -> np.ndarray:
        """P(tag of token | sentence), float32 of shape (tokens, tags)."""
        from wb_text.tagging import crf_loops

        out = np.zeros((len(ids), self.emission_.shape[1]), dtype=np.float32)
        crf_loops.all_marginals(
            offsets, ids, _dense(dense, len(ids)), self.emission_, self.projection_, self.transition_, out
        )
        return out

    def save(self, path: Path) -> None:
        np.savez(path, emission=self.emission_, projection=self.projection_, transition=self.transition_)

    @classmethod
    def load(cls, path: Path) -> LinearChainCRF:
        crf = cls()
        with np.load(path, allow_pickle=False) as arrays:
            crf.emission_ = arrays["emission"]
            crf.projection_ = arrays["projection"]
            crf.transition_ = arrays["transition"]
        return crf


def _dense(dense: np.ndarray | None, n: int) -> np.ndarray:
    return np.zeros((n, 0), dtype=np.float32) if dense is None else np.ascontiguousarray(dense, dtype=np.float32)
