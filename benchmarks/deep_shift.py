"""Label shift: the target's classes 5–9 cut to a tenth, and what each method still gains over AdaBN.

    python benchmarks/deep_shift.py [--seeds N] [--results FILE] [--methods A,B]

Needs the extra deep and ``wb data get mnist-usps``. The seed draws the examples that stay, and trains. Methods see the
cut target without labels; accuracy is on the same examples. The verdict of a cell is the paired test of wb with AdaBN
as the baseline. A finished cell is a line of FILE: the same command goes on where it was stopped. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from workbench import load
from workbench.data.domains import Domain, Problem, align
from workbench.data.opening import open_corpus
from workbench.progress import Progress
from workbench.scoring.comparing import compare
from workbench.scoring.metrics import Scores

PAIRS = (("usps", "mnist"), ("mnist", "usps"), ("fonts", "digits"))
BASELINE = "adabn"
METHODS = ("mcc", "dan", "im", "ddc", "deep-coral", "dann", "cdan", "daan", "bnm", "dsan")
SHARE = 0.1


def cut(domain: Domain, seed: int) -> Domain:
    """The examples of the first half of the classes, and a tenth of the others'."""
    generator = np.random.default_rng(seed)
    half = len(domain.classes) // 2
    rows = [np.flatnonzero(domain.labels < half)]
    for label in range(half, len(domain.classes)):
        members = generator.permutation(np.flatnonzero(domain.labels == label))
        rows.append(members[: max(1, round(SHARE * len(members)))])
    return domain.take(np.sort(np.concatenate(rows)))


def scores(method: str, problem: Problem, gold: Domain, host: Any) -> Scores:
    kind = host.methods.get(method, "classification").load()
    model = kind(kind.Params(), host).fit(problem, Progress())
    evaluator = host.evaluators.for_task("classification")[0].load()()
    return evaluator.score(gold, model.predict(gold.inputs), problem)


def measure(pair: tuple[str, str], seed: int, wanted: list[str], host: Any) -> list[dict[str, Any]]:
    """AdaBN and every wanted method on one pair and seed."""
    task = host.tasks.get("classification").load()()
    source, target = (open_corpus(name, host) for name in pair)
    gold = cut(target.labelled("test" if "test" in target.splits else target.splits[0], task), seed)
    (labelled,) = align([source.labelled("train" if "train" in source.splits else source.splits[0], task)])
    problem = Problem("classification", (labelled,), gold.unlabelled(), seed=seed)
    base, rows = scores(BASELINE, problem, gold, host), []
    for method in wanted:
        found = base if method == BASELINE else scores(method, problem, gold, host)
        said = compare(base, found)
        row: dict[str, Any] = {"method": method, "source": pair[0], "target": pair[1], "seed": seed, "n": len(gold)}
        row |= {"accuracy": found.metrics["accuracy"].value, "verdict": "" if found is base else said.verdict}
        rows.append(row | {"gain": found.metrics["accuracy"].value - base.metrics["accuracy"].value})
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """Gain over AdaBN in points, mean ± sd over the seeds; verdicts over all cells."""
    lines = ["| method | " + " | ".join(f"{a} → {b}" for a, b in PAIRS) + " | mean | verdicts |"]
    lines.append("|---|--:|--:|--:|--:|---|")
    for method in dict.fromkeys(row["method"] for row in rows):
        mine = [row for row in rows if row["method"] == method]
        what, sign = ("accuracy", "") if method == BASELINE else ("gain", "+")
        said = []
        for pair in PAIRS:
            values = [100 * row[what] for row in mine if (row["source"], row["target"]) == pair]
            spread = statistics.stdev(values) if len(values) > 1 else 0.0
            said.append(f"{statistics.mean(values):{sign}.1f} ± {spread:.1f}" if values else "–")
        counted = Counter(row["verdict"] for row in mine if row["verdict"])
        verdicts = ", ".join(f"{n} {verdict}" for verdict, n in counted.most_common())
        mean = statistics.mean(100 * row[what] for row in mine)
        lines.append(f"| {method} | " + " | ".join(said) + f" | {mean:{sign}.1f} | {verdicts} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--results", type=Path, default=Path("deep-shift.jsonl"))
    parser.add_argument("--methods", default=",".join(METHODS))
    given = parser.parse_args()
    host, rows = load(), []
    if given.results.exists():
        rows = [json.loads(line) for line in given.results.read_text(encoding="utf-8").splitlines()]
    for seed in range(given.seeds):
        for pair in PAIRS:
            done = {row["method"] for row in rows if (row["source"], row["target"], row["seed"]) == (*pair, seed)}
            wanted = [method for method in (BASELINE, *given.methods.split(",")) if method not in done]
            if not wanted:
                continue
            fresh = measure(pair, seed, wanted, host)
            rows += fresh
            with given.results.open("a", encoding="utf-8") as stream:
                stream.writelines(json.dumps(row) + "\n" for row in fresh)
    print(table(rows))


if __name__ == "__main__":
    main()
