"""The table of docs/deep.md: every deep method of small networks on three pairs, mean ± sd over seeds.

    python benchmarks/deep_table.py [--seeds N] [--results FILE] [--methods A,B]

Needs the extra deep and, for two of the pairs, ``wb data get mnist-usps``. Each cell is the run that ``wb run METHOD
--src SOURCE --tgt TARGET --seed S`` makes, without its baseline, a row of its own. A finished cell is a line of
FILE: the same command goes on where it was stopped. Prints the table in Markdown.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from workbench import load, run

PAIRS = (("usps", "mnist"), ("mnist", "usps"), ("fonts", "digits"))
METHODS = (
    *("network", "adabn", "ddc", "deep-coral", "dan", "jan", "dsan", "dann", "cdan", "daan", "mcd", "adda"),
    *("mcc", "bnm", "im", "pseudo-label", "fixmatch"),
)

Cell = tuple[str, str, str, int]


def finished(path: Path) -> dict[Cell, dict[str, Any]]:
    """The cells that are there already."""
    if not path.exists():
        return {}
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {(row["method"], row["source"], row["target"], row["seed"]): row for row in rows}


def measure(cell: Cell, host: Any) -> dict[str, Any]:
    method, source, target, seed = cell
    source = {"fonts": "fonts?seed=0"}.get(source, source)  # the same images for every seed
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(method, source, target, host=host, out=Path(folder), seed=seed, baseline=False)
    figures = {"accuracy": outcome.comparison.adapted["accuracy"].value, "seconds": sum(outcome.seconds.values())}
    return {"method": method, "source": source, "target": target, "seed": seed, **figures}


def table(rows: dict[Cell, dict[str, Any]]) -> str:
    """Methods down, pairs across; a cell with fewer seeds than the others says how many."""
    lines = ["| method | " + " | ".join(f"{a} → {b}" for a, b in PAIRS) + " | mean |", "|---|--:|--:|--:|--:|"]
    most = max((len([c for c in rows if c[:3] == cell[:3]]) for cell in rows), default=0)
    for method in dict.fromkeys(cell[0] for cell in rows):
        means, said = [], []
        for pair in PAIRS:
            values = [100 * row["accuracy"] for cell, row in rows.items() if cell[:3] == (method, *pair)]
            if not values:
                said.append("–")
                continue
            means.append(statistics.mean(values))
            short = f" ({len(values)})" if len(values) < most else ""
            said.append(f"{means[-1]:.1f} ± {statistics.stdev(values) if len(values) > 1 else 0:.1f}{short}")
        mean = f"{statistics.mean(means):.1f}" if len(means) == len(PAIRS) else "–"
        lines.append(f"| {method} | " + " | ".join(said) + f" | {mean} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--results", type=Path, default=Path("deep-table.jsonl"))
    parser.add_argument("--methods", default=",".join(METHODS))
    given = parser.parse_args()
    host, rows = load(), finished(given.results)
    for seed in range(given.seeds):  # seed by seed: a table that is cut off has every method
        for method in given.methods.split(","):
            for pair in PAIRS:
                cell = (method, *pair, seed)
                if cell not in rows:
                    rows[cell] = measure(cell, host)
                    with given.results.open("a", encoding="utf-8") as stream:
                        stream.write(json.dumps(rows[cell]) + "\n")
    print(table(rows))


if __name__ == "__main__":
    main()
