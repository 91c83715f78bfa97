"""Why a link is predicted: every clause that holds of it, with what the source and the target give it."""

from __future__ import annotations

from typing import Any

import numpy as np

from wb_relation.clauses import Clause, Grounding
from wb_relation.facts import Link
from wb_relation.logistic import sigmoid
from wb_relation.model import LinkModel


def explain(model: LinkModel, link: Link) -> dict[str, Any]:
    """The clauses that hold of ``link``, the weightiest first, and the score that they add up to.

    Returns
    -------
    dict
        ``probability``, ``score`` (log-odds), ``intercept`` and ``clauses``: for each its body, the ``transferred``
        weight, the weight ``learnt`` from the target's labels, and their ``total``.
    """
    grounding = Grounding([link])
    parts: dict[Clause, list[float]] = {}
    for clause, weight in model.weights.items():
        if grounding.clause(clause)[0]:
            parts[clause] = [weight, 0.0]
    if model.corrections is not None:
        vocabulary, weights = model.corrections.vocabulary, model.corrections.weights()
        table = grounding.table(vocabulary)
        holds = [np.flatnonzero(side[0]) for side in (table.paths, table.first, table.second)]
        for p in holds[0]:
            for i in holds[1]:
                for j in holds[2]:
                    weight = float(weights[p, i, j])
                    if weight:
                        parts.setdefault(vocabulary.clause(int(p), int(i), int(j)), [0.0, 0.0])[1] += weight
    score = float(model.scores([link])[0])
    rows = [
        {"clause": clause.show(model.schema), "transferred": a, "learnt": b, "total": a + b}
        for clause, (a, b) in parts.items()
    ]
    rows.sort(key=lambda row: -abs(float(str(row["total"]))))
    return {
        "probability": float(sigmoid(np.array([score]))[0]),
        "score": score,
        "intercept": model.intercept,
        "clauses": rows,
    }
