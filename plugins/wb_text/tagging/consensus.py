"""One word, one voice: what a tagger says of a rare word on average over the target's text.

A word that the labelled text lacks has no weights of its own: each occurrence is tagged by its context and its form
alone, and *lymphocyte* is a noun here and an adjective there. Its mean tag distribution over all its occurrences in
the unlabelled text becomes its weights; for a word that was seen a few times it is a prior beside what was learnt.
Compare the "one sense per collocation" of Yarowsky (ACL 1995) and the type constraints of Das & Petrov (ACL 2011).
"""

from __future__ import annotations

import numpy as np

from wb_text.tagging.features import TEMPLATES
from wb_text.tagging.tagger import TaggedText, TaggerModel
from wb_text.tagging.words import Sentences

WORD = next(i for i, t in enumerate(TEMPLATES) if t.attribute == "word" and t.offset == 0)

FLOOR = 1e-4
"""Added to every mean probability: no tag is ruled out."""


def settle_words(model: TaggerModel, labelled: TaggedText, unlabelled: Sentences, strength: float) -> int:
    """Add to the words' weights their mean tag distribution over ``unlabelled``, in place.

    A word's weight for a tag grows by ``strength / (1 + n)`` times the log of the mean marginal probability over its
    occurrences, centred over the tags; ``n`` is how often it occurs in the labelled text, by the sentences' weights:
    the distribution counts as much as one labelled occurrence. Only words with a feature of their own (see
    ``minimum_count``) are settled.

    Returns
    -------
    int
        How many words.
    """
    from scipy import sparse

    if not len(unlabelled):
        return 0
    words = np.concatenate([ids[:, WORD] for ids, *_ in model.batches(unlabelled)])
    places = np.flatnonzero(words >= 0)
    rows, row_of, counts = np.unique(words[places], return_inverse=True, return_counts=True)
    gather = sparse.csr_matrix((np.ones(len(places), dtype=np.float32), (row_of, places)), (len(rows), len(words)))
    logs = np.log((gather @ model.marginals(unlabelled)) / counts[:, None] + FLOOR)
    share = strength / (1 + _labelled_counts(model, labelled)[rows])
    model.crf.emission_[rows] += share[:, None] * (logs - logs.mean(axis=1, keepdims=True))
    return len(rows)


def _labelled_counts(model: TaggerModel, labelled: TaggedText) -> np.ndarray:
    """How often each feature is the word of a labelled token, each by its sentence's weight."""
    ids, offsets = model.encoder.ids(labelled.sentences)
    words, weights = ids[:, WORD], np.repeat(labelled.weights, np.diff(offsets))
    known = words >= 0
    return np.bincount(words[known], weights=weights[known], minlength=len(model.crf.emission_))
