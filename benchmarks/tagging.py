"""The tagger against its peers on the same sentences, in one run: training and tagging, in CPU seconds.

Needs the extra ``bench`` and the real corpora (``wb data get wsj medline``); spaCy's small English model is timed where
it is installed. Every process uses one thread. Prints a table; quote the ratios, not the seconds.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np

from workbench import load
from workbench.data.domains import Domain, Problem
from workbench.data.opening import open_corpus
from workbench.environment import peak_memory_mb
from workbench.methods.variants import make
from workbench.progress import Progress


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def names(domain: Domain) -> list[list[str]]:
    return [[domain.classes[y] for y in row] for row in domain.labels]


def accuracy(gold: list[list[str]], said: list[list[str]]) -> float:
    pairs = [(g, s) for one, two in zip(gold, said, strict=True) for g, s in zip(one, two, strict=True)]
    return 100 * float(np.mean([g == s for g, s in pairs]))


def crfsuite(train: Domain, test: Domain) -> tuple[float, float, float]:
    """python-crfsuite, L-BFGS, 60 iterations, on our own features as strings."""
    import pycrfsuite

    from wb_text.tagging.features import FeatureSpace
    from wb_text.tagging.words import Text

    text = Text(train.inputs)
    space = FeatureSpace.fit(text)
    features = np.array([*space.names(), "unknown"], dtype=object)

    def strings(domain: Domain) -> list[list[list[str]]]:
        found = Text(domain.inputs)
        rows = features[space.transform(found)]
        return [rows[a:b].tolist() for a, b in zip(found.offsets, found.offsets[1:], strict=False)]

    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": 0.0, "c2": 0.1, "max_iterations": 60})
    for x, y in zip(strings(train), names(train), strict=True):
        trainer.append(x, y)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model")
        training, _ = cpu(lambda: trainer.train(path))
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        tagging, said = cpu(lambda: [tagger.tag(x) for x in strings(test)])
    return training, tagging, accuracy(names(test), said)


def nltk_perceptron(train: Domain, test: Domain) -> tuple[float, float, float]:
    from nltk.tag.perceptron import PerceptronTagger

    tagger = PerceptronTagger(load=False)
    pairs = [list(zip(x, y, strict=True)) for x, y in zip(train.inputs, names(train), strict=True)]
    training, _ = cpu(lambda: tagger.train(pairs, nr_iter=5))
    tagging, said = cpu(lambda: [[tag for _, tag in tagger.tag(x)] for x in test.inputs])
    return training, tagging, accuracy(names(test), said)


def spacy_small(test: Domain) -> tuple[float, float, float] | None:
    """spaCy's small English pipeline, whole, on our tokens; None where the model is not installed."""
    try:
        import spacy
        from spacy.tokens import Doc

        installed = [name for name in spacy.util.get_installed_models() if name.startswith("en_core_web_sm")]
        pipeline = spacy.load(installed[0])
    except (ImportError, IndexError):
        return None
    documents = [Doc(pipeline.vocab, words=x) for x in test.inputs]
    tagging, said = cpu(lambda: [[token.tag_ for token in d] for d in pipeline.pipe(documents)])
    return float("nan"), tagging, accuracy(names(test), said)


def ours(method: str, problem: Problem, test: Domain, host: Any, **settings: Any) -> tuple[float, float, float]:
    entry = host.methods.get(method, "tagging")
    training, model = cpu(lambda: make(entry, settings, host).fit(problem, Progress()))
    tagging, said = cpu(lambda: model.predict(test.inputs))
    return training, tagging, accuracy(names(test), [[said.classes[y] for y in row] for row in said.labels])


def main() -> None:
    host = load()
    task = host.tasks.get("tagging").load()()
    wsj, medline = open_corpus("wsj", host), open_corpus("medline", host)
    train, test = wsj.labelled("train", task), medline.labelled("test", task)
    more, target = wsj.unlabelled("unlabelled"), medline.unlabelled("unlabelled")
    whole = Problem("tagging", (train,), target, more)
    small = Problem("tagging", (train.take(range(50)),), target.take(range(200)), more.take(range(200)))
    compiling, _ = cpu(lambda: ours("scl", small, test.take(range(20)), host, pivot_threshold=5))

    rows = {
        "wb source-only": ours("source-only", whole, test, host),
        "wb scl": ours("scl", whole, test, host),
        "python-crfsuite": crfsuite(train, test),
        "NLTK perceptron": nltk_perceptron(train, test),
        "spaCy small": spacy_small(test),
    }
    tokens = sum(map(len, test.inputs))
    print(f"train {len(train)} sentences, tag {tokens} tokens; first use of the loops {compiling:.1f} s, once")
    print(f"{'':18}{'train s':>9}{'tag s':>8}{'tokens/s':>11}{'accuracy':>10}")
    for name, row in rows.items():
        if row is None:
            print(f"{name:18} not installed")
        else:
            print(f"{name:18}{row[0]:9.1f}{row[1]:8.2f}{tokens / row[1]:11,.0f}{row[2]:10.2f}")
    base = rows["wb source-only"]
    assert base is not None
    print(f"training, times faster than python-crfsuite   {rows['python-crfsuite'][0] / base[0]:6.1f}")
    print(f"tagging, times faster than NLTK               {rows['NLTK perceptron'][1] / base[1]:6.1f}")
    if rows["spaCy small"] is not None:
        print(f"tagging, times faster than spaCy              {rows['spaCy small'][1] / base[1]:6.1f}")
    flagship = base[0] + rows["wb scl"][0]
    print(f"baseline + SCL, share of crfsuite's training  {flagship / rows['python-crfsuite'][0]:6.2f}")
    for n in (5_000, 10_000, 20_000, len(more) + len(target)):
        share = n / (len(more) + len(target))
        part = Problem(
            "tagging", (train,), target.take(range(int(len(target) * share))), more.take(range(int(len(more) * share)))
        )
        seconds = ours("scl", part, test, host)[0]
        print(f"scl on {n:6} unlabelled sentences: {seconds:5.1f} s")
    print(f"peak memory of all this {peak_memory_mb():.0f} MB")


if __name__ == "__main__":
    main()
