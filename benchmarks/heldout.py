"""What SCL costs at home: accuracy on a held-out tenth of the WSJ sample, source-only and with SCL for MEDLINE.

Needs the real corpora (``wb data get wsj medline``).
"""

from __future__ import annotations

import numpy as np

from workbench import load
from workbench.data.domains import Problem
from workbench.data.opening import open_corpus
from workbench.methods.variants import make
from workbench.progress import Progress
from workbench.scoring.comparing import compare


def main() -> None:
    host = load()
    task = host.tasks.get("tagging").load()()
    wsj, medline = open_corpus("wsj", host), open_corpus("medline", host)
    whole = wsj.labelled("train", task)
    order = np.random.default_rng(0).permutation(len(whole))
    tenth = len(whole) // 10
    test, train = whole.take(np.sort(order[:tenth])), whole.take(np.sort(order[tenth:]))
    problem = Problem("tagging", (train,), medline.unlabelled("unlabelled"), wsj.unlabelled("unlabelled"))
    evaluator = host.evaluators.get("tagging").load()()
    scores = []
    for name in ("source-only", "scl"):
        model = make(host.methods.get(name, "tagging"), {}, host).fit(problem, Progress())
        scores.append(evaluator.score(test, model.predict(test.inputs), problem))
    found = compare(*scores)
    for name in ("accuracy", "accuracy_unknown"):
        before, after, change = found.baseline[name], found.adapted[name], found.difference[name]
        print(f"{name:18} source-only {100 * before.value:.2f}   scl {100 * after.value:.2f}   p {change.p:.3f}")


if __name__ == "__main__":
    main()
