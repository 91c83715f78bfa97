"""How long ``wb --help`` takes, as a ratio to importing click, pluggy and pydantic; limit 2.5.

The two commands alternate, so that a drift of the machine's speed meets both; the figure is the ratio of medians.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

LIMIT = 2.5
RUNS = 15


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> int:
    ours = [sys.executable, "-m", "workbench", "--help"]
    floor = [sys.executable, "-c", "import click, pluggy, pydantic"]
    for command in (ours, floor):
        seconds(command)
    pairs = [(seconds(ours), seconds(floor)) for _ in range(RUNS)]
    first, second = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"wb --help {first * 1000:.0f} ms, click + pluggy + pydantic {second * 1000:.0f} ms")
    print(f"ratio {first / second:.2f}, limit {LIMIT}")
    return int(first / second > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
