"""Rows a second and peak memory of ``wb predict --file in.csv --out out.csv``, by the number of rows.

    python benchmarks/prediction.py [ROWS …]      (default: 10000 100000 1000000)

A model of TF-IDF features is trained on embedded-like reviews made here; the file repeats and mixes their words. Each
size is predicted in a process of its own, whose peak memory is measured by the system.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOOD = ("lovely", "fine", "great", "warm", "bright", "funny", "clever", "moving", "rich", "gentle")
BAD = ("dull", "awful", "poor", "cold", "slow", "weak", "silly", "broken", "empty", "loud")
PLAIN = (
    "the",
    "a",
    "book",
    "pan",
    "story",
    "lid",
    "page",
    "knife",
    "plot",
    "oven",
    "very",
    "quite",
    "rather",
    "and",
    "of",
    "it",
)
WORDS = 40
"""Words of a row: about 200 characters."""


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    with tempfile.TemporaryDirectory(prefix="wb-prediction-") as name:
        folder = Path(name)
        source, record = folder / "source.csv", folder / "record"
        write(source, 2000, labelled=True)
        wb("run", "source-only", "--src", source, "--tgt", source, "--no-baseline", "--out", record)
        print(f"{'rows':>9} {'seconds':>8} {'rows/s':>8} {'peak MB':>8}")
        for size in sizes:
            file, out = folder / f"{size}.csv", folder / "out.csv"
            write(file, size, labelled=False)
            start = time.perf_counter()
            peak = wb("predict", record, "--file", file, "--out", out)
            seconds = time.perf_counter() - start
            assert rows_of(out) == size, "a row is missing"
            print(f"{size:>9,} {seconds:>8.1f} {size / seconds:>8,.0f} {peak:>8.0f}", flush=True)
            file.unlink()


def write(path: Path, rows: int, labelled: bool) -> None:
    draw = random.Random(0)
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["id", "text", *(["label"] if labelled else [])])
        for number in range(rows):
            good = draw.random() < 0.5
            words = draw.choices(PLAIN, k=WORDS - 4) + draw.choices(GOOD if good else BAD, k=4)
            table.writerow([number, " ".join(words), *(["pos" if good else "neg"] if labelled else [])])


def wb(*arguments: object) -> float:
    """Run a command; returns its peak memory in MB."""
    command = [sys.executable, "-m", "workbench", *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return usage.ru_maxrss * 1024 / 1e6


def rows_of(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


if __name__ == "__main__":
    main()
