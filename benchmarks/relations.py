"""The tables of docs/relations.md: transfer by analogy on real pairs, words of reviews, and cost by size.

    python benchmarks/relations.py [--quick] [--only links|words|cost] [--pair SOURCE TARGET]

Needs the data: ``wb data get imdb uwcse cora product-reviews/camera product-reviews/router product-opinions/camera``.
Every line is made of the same runs as ``wb run METHOD --src SOURCE --tgt TARGET --shots K --seeds 40``: 5 folds × 8
samples. ``--quick`` takes one sample of each fold.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench import load, run
from workbench.running.specification import ALL_SHOTS

FOLDS, SAMPLES = 5, 8
PAIRS: dict[tuple[str, str], tuple[int | str, ...]] = {
    ("imdb", "uwcse"): (1, 2, 3, 5, 10, "all"),
    ("imdb", "cora"): (1, 3, 5, "all"),
    ("uwcse", "cora"): (1, 5),
    ("cora", "uwcse"): (1, 5),
    ("cora", "imdb"): (1, 5),
    ("uwcse", "imdb"): (1, 5),
}
COMPANIONS = ("target-rules", "random-analogy", "mapped-rules")
PRODUCTS = ("camera", "audio", "phone", "dvd-player", "router")


def runs(method: str, source: str, target: str, seeds: range, **choices: Any) -> Iterator[dict[str, Any]]:
    """The summary of each seed's run; records go to a folder that is thrown away."""
    host = load()
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            yield run(method, source, target, host=host, out=Path(folder), seed=seed, **choices).as_json()


def figures(summary: dict[str, Any], metric: str) -> dict[str, float]:
    """The value of every method that took part, times 100."""
    found = {side: summary["scores"][side][metric]["value"] for side in ("baseline", "adapted")}
    found |= {name: values[metric]["value"] for name, values in summary.get("companions", {}).items()}
    return {name: 100 * value for name, value in found.items()}


def spread(values: list[float]) -> str:
    return f"{statistics.mean(values):5.1f} ± {statistics.pstdev(values):4.1f}"


def links(pairs: dict[tuple[str, str], tuple[int | str, ...]], samples: int) -> None:
    print("mean ± sd over folds × samples, times 100; ahead: runs in which relation's AUC-PR is above target-only's\n")
    columns = ("target-only", "relation", *COMPANIONS)
    print(f"{'pair':16} {'k':>3} {'metric':8}" + "".join(f"{name:>15}" for name in columns) + "  ahead      CPU s/run")
    for (source, target), sizes in pairs.items():
        for k in sizes:
            start = time.process_time()
            seeds = range(FOLDS * (1 if k == "all" else samples))
            found = list(runs("relation", source, target, seeds, shots=ALL_SHOTS if k == "all" else k))
            seconds = (time.process_time() - start) / len(found)
            for metric in ("auc_pr", "auc_roc", "cll"):
                each = [figures(summary, metric) for summary in found]
                cells = [spread([e[name] for e in each]) for name in ("baseline", "adapted", *COMPANIONS)]
                line = f"{source + ' → ' + target:16} {k:>3} {metric:8}" + "".join(f"{cell:>15}" for cell in cells)
                if metric == "auc_pr":
                    line += f"  {sum(e['adapted'] > e['baseline'] for e in each):2} of {len(each):2}  {seconds:9.2f}"
                print(line, flush=True)


def words(products: tuple[str, ...], kind: str) -> None:
    """``kind``: aspect or opinion."""
    pairs = [(a, b) for a in products for b in products if a != b]
    print(f"\nrap: {kind} words, {len(pairs)} ordered pairs, mean of 100 × the figure; ahead: pairs above classifier")
    collection = {"aspect": "product-reviews", "opinion": "product-opinions"}[kind]
    each: dict[str, list[dict[str, float]]] = {"average_precision": [], "r_precision": []}
    for source, target in pairs:
        names = f"{collection}/{source}", f"{collection}/{target}"
        (summary,) = runs("rap", *names, range(1))
        for metric, rows in each.items():
            rows.append(figures(summary, metric))
    for metric, rows in each.items():
        mean = {name: statistics.mean(row[name] for row in rows) for name in rows[0]}
        ahead = sum(row["adapted"] > row["baseline"] for row in rows)
        print(
            f"{metric:18} frequency {mean[f'{kind}-frequency']:5.1f}  classifier {mean['baseline']:5.1f}  "
            f"rap {mean['adapted']:5.1f}  ahead {ahead} of {len(rows)}",
            flush=True,
        )


def cost(rounds: int) -> None:
    """CPU seconds of one fit and prediction as the target grows; sizes in turns, medians of their ratios."""
    import numpy as np

    from wb_relation import toy
    from wb_relation.methods import RelationTransfer
    from wb_relation.task import CLASSES, RelationTask
    from workbench.data.domains import Domain, Problem
    from workbench.progress import Progress

    source = RelationTask().example(0)[0]

    def problem(worlds: int) -> tuple[Problem, Domain]:
        links, labels, _ = toy.domain("meeting", toy.MEETING, 7, worlds)
        target = Domain("meeting", "relations", links, np.array([CLASSES.index(y) for y in labels]), CLASSES)
        shots = target.take(RelationTask().choose_shots(target, 1, 0)[0])
        return Problem("relations", (source,), target.unlabelled(), shots=shots), target

    sizes = (30, 300)
    given = {worlds: problem(worlds) for worlds in sizes}
    taken: dict[int, list[float]] = {worlds: [] for worlds in sizes}
    for _ in range(rounds):
        for worlds, (asked, target) in given.items():
            start = time.process_time()
            RelationTransfer().fit(asked, Progress()).predict(target.inputs)
            taken[worlds].append(time.process_time() - start)
    small, large = sizes
    ratio = statistics.median(b / a for a, b in zip(taken[small], taken[large], strict=True))
    print(f"\ncost: {len(given[small][1]):,} links {statistics.median(taken[small]):.2f} s, ", end="")
    print(f"{len(given[large][1]):,} links {statistics.median(taken[large]):.2f} s: {ratio:.1f} times as much")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one sample of each fold, one pair of products")
    parser.add_argument("--only", choices=("links", "words", "cost"))
    parser.add_argument("--pair", nargs=2, metavar=("SOURCE", "TARGET"), help="this pair of relational domains alone")
    given = parser.parse_args()
    pairs = {tuple(given.pair): PAIRS.get(tuple(given.pair), (1, 3, 5, "all"))} if given.pair else PAIRS
    if given.only in (None, "links"):
        links(pairs, 1 if given.quick else SAMPLES)
    if given.only in (None, "words") and not given.pair:
        for kind in ("aspect", "opinion"):
            words(PRODUCTS[:2] if given.quick else PRODUCTS, kind)
    if given.only in (None, "cost") and not given.pair:
        cost(3 if given.quick else 7)


if __name__ == "__main__":
    main()
