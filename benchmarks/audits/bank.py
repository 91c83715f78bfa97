"""Fill the bank of audited runs: every contestant of every labelled pair, fitted as a run fits it.

    python benchmarks/audits/bank.py [--bank FOLDER] [COLLECTION …]

Needs the data sets (``make audits`` gets them; all but the generated ones need a mirror). A run that is in the bank is
not repeated, so that the filling can be stopped and taken up again. One thread, one run at a time.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Iterable
from pathlib import Path

import features
from audited import MEASURES, save, save_gold, save_measures
from contestants import CONTESTANTS, Contestant
from fitting import Opened, audit, failed, measures, plan
from pairs import COLLECTIONS, Collection, Pair, collection

from workbench.errors import WbError
from workbench.plugins.loading import Host
from workbench.plugins.loading import load as load_host

BANK = Path("build/bank")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill the bank of audited runs.")
    names = [each.name for each in COLLECTIONS]
    parser.add_argument("names", nargs="*", metavar="COLLECTION", help=f"of {', '.join(names)}; all by default")
    parser.add_argument("--bank", type=Path, default=BANK, help="The folder of the bank.")
    parser.add_argument("--most", type=int, help="As many contestants of each pair, beside their baselines.")
    chosen = parser.parse_args()
    warnings.filterwarnings("ignore")  # of solvers that did not converge: the run is what it is
    host = load_host()
    if "pictures" in (chosen.names or names):
        features.prepare(chosen.bank, host)
    collections = [collection(name) for name in chosen.names or names]
    for number in range(max(len(of.pairs) for of in collections)):  # in rounds: whenever it is stopped, all are there
        for of in collections:
            if number < len(of.pairs):
                fill(of, of.pairs[number], CONTESTANTS[of.contestants][: chosen.most], chosen.bank, host)


def fill(of: Collection, pair: Pair, contestants: Iterable[Contestant], bank: Path, host: Host) -> None:
    """The runs of one pair that are not there yet."""
    folder = bank / of.name / pair.folder
    try:
        opened = Opened.of(pair, host, bank)
        planned = plan(of, opened, contestants)
    except WbError as error:
        print(f"{pair}: left out: {error}", flush=True)
        return
    missing = [each for each in planned if not (folder / f"{each.about.name}.json").exists()]
    if not missing:
        return
    save_gold(opened.gold_labels, folder)
    if not (folder / MEASURES).exists():
        save_measures(measures(opened, planned[0]), folder)
    for each in missing:
        start, name = time.perf_counter(), f"{pair} {each.about.name}"
        try:
            about, arrays = audit(each, opened)
        except (WbError, ValueError, ArithmeticError) as error:
            save(failed(each.about, error), None, folder)
            print(f"{name}: {error}", flush=True)
            continue
        save(about, arrays, folder)
        taken = f"fit {about.seconds:.1f} s, in all {time.perf_counter() - start:.1f} s"
        print(f"{name}: {100 * about.accuracy:.1f}, {taken}", flush=True)


if __name__ == "__main__":
    main()
