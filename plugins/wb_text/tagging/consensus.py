"""One word, one voice: what a tagger says of an unseen word on average over the target's text.

A word that the labelled text lacks has no weights of its own: each occurrence is tagged by its context and its form
alone, and *lymphocyte* is a noun here and an adjective there. Its mean tag distribution over all its occurrences in
the unlabelled text becomes its weights. Compare the "one sense per collocation" of Yarowsky (ACL 1995) and the type
constraints of Das & Petrov (ACL 2011).
"""

from __future__ import annotations

import numpy as np

from wb_text.tagging.features import TEMPLATES
from wb_text.tagging.tagger import TaggerModel
from wb_text.tagging.words import Sentences

WORD = next(i for i, t in enumerate(TEMPLATES) if t.property == "word" and t.offset == 0)

FLOOR = 1e-4
"""Added to every mean probability: no tag is ruled out."""


def settle_unseen(model: TaggerModel, labelled: Sentences, unlabelled: Sentences, strength: float) -> int:
    """Give the words of ``unlabelled`` that ``labelled`` lacks their mean tag distribution as weights, in place.

    A word's weight for a tag is ``strength`` times the log of the mean marginal probability over its occurrences,
    centred over the tags. Only words with a feature of their own (see ``minimum_count``) are settled.

    Returns
    -------
    int
        How many words.
    """
    from scipy import sparse

    seen = np.unique(model.encoder.ids(labelled)[0][:, WORD])
    words = np.concatenate([ids[:, WORD] for ids, *_ in model.batches(unlabelled)]) if len(unlabelled) else seen[:0]
    places = np.flatnonzero((words >= 0) & ~np.isin(words, seen))
    if not len(places):
        return 0
    rows, row_of, counts = np.unique(words[places], return_inverse=True, return_counts=True)
    gather = sparse.csr_matrix((np.ones(len(places), dtype=np.float32), (row_of, places)), (len(rows), len(words)))
    mean = (gather @ model.marginals(unlabelled)) / counts[:, None]
    logs = np.log(mean + FLOOR)
    model.crf.emission_[rows] = strength * (logs - logs.mean(axis=1, keepdims=True))
    return len(rows)
