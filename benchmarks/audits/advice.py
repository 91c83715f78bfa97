"""How well WB010, the families that ``wb diagnose`` advises, orders the gains that were measured on the same pairs.

    python benchmarks/audits/advice.py [--bank FOLDER]

Diagnoses every pair of the bank (five seconds each) and writes the table of docs/diagnosis.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import markdown
import numpy as np
import pairs
from audited import load
from bank import BANK
from fitting import Opened
from judged import group_weights

from wb_diagnosis.advice import Advice, advise
from wb_diagnosis.measuring import measured
from workbench.data.pairs import Pair
from workbench.plugins.loading import Host
from workbench.plugins.loading import load as load_host

PLAIN = "source-only"
CLEAR = 0.0


@dataclass(frozen=True)
class Ordered:
    """One pair: the advised scores and the measured mean gains of the families that were tried, in one order."""

    group: str
    pair: str
    families: tuple[str, ...]
    scores: np.ndarray
    gains: np.ndarray

    @property
    def kendall(self) -> float:
        """Kendall's τ-b of scores and gains; 0 where either says the same of all."""
        from scipy.stats import kendalltau

        agreement = float(kendalltau(self.scores, self.gains).statistic)
        return 0.0 if np.isnan(agreement) else agreement

    @property
    def spearman(self) -> float:
        from scipy.stats import spearmanr

        if np.ptp(self.scores) == 0 or np.ptp(self.gains) == 0:
            return 0.0
        return float(spearmanr(self.scores, self.gains).statistic)

    @property
    def of_first(self) -> float:
        """The measured gain of the family that stands first; the mean of equals."""
        return float(self.gains[self.scores == self.scores.max()].mean())

    @property
    def of_against(self) -> float:
        """The mean gain of the families that are advised against; nan where none is."""
        against = self.scores < CLEAR
        return float(self.gains[against].mean()) if against.any() else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description="Audit the advice of wb diagnose.")
    parser.add_argument("--bank", type=Path, default=BANK, help="The folder of the bank.")
    chosen = parser.parse_args()
    host = load_host()
    gains = gains_of(chosen.bank)
    ordered = []
    for collection in pairs.COLLECTIONS:
        for pair in collection.pairs:
            of_methods = gains.get((collection.name, f"{pair.source} → {pair.target}"))
            if of_methods:
                given = advised(pair, chosen.bank, host)
                ordered.append(beside(collection.group, str(pair), given, of_methods))
    text = report([each for each in ordered if len(each.families) > 2])
    markdown.write(markdown.DOCS / "diagnosis.md", "advice", text)
    print(text)


def gains_of(bank: Path) -> dict[tuple[str, str], dict[str, list[float]]]:
    """The gains over their baselines of every method's runs, by collection and pair."""
    runs = {(run.path.parent, run.about.name): run for run in load(bank)}
    gains: dict[tuple[str, str], dict[str, list[float]]] = {}
    for (folder, _), run in runs.items():
        baseline = runs.get((folder, run.about.baseline))
        if baseline is not None:
            of_pair = gains.setdefault((run.about.collection, run.pair), {})
            of_pair.setdefault(run.about.method, []).append(run.about.accuracy - baseline.about.accuracy)
    return gains


def advised(pair: pairs.Pair, bank: Path, host: Host) -> tuple[Advice, ...]:
    """What the rules of WB010 say of a pair."""
    problem = Opened.of(pair, host, bank).training
    return advise(Pair(problem, host).computed(measured))


def beside(group: str, pair: str, given: Sequence[Advice], gains: Mapping[str, Sequence[float]]) -> Ordered:
    """Scores beside gains, of the families of which a method was tried; source-only gains nothing."""
    known = []
    for advice in given:
        of_family = [gain for method in advice.methods for gain in gains.get(method, ())]
        if advice.family == PLAIN:
            known.append((advice.family, advice.score, 0.0))
        elif of_family:
            known.append((advice.family, advice.score, float(np.mean(of_family))))
    families, scores, measured_gains = zip(*known, strict=True) if known else ((), (), ())
    return Ordered(group, pair, tuple(families), np.array(scores), np.array(measured_gains))


def report(ordered: Sequence[Ordered]) -> str:
    heads = ["collections", "pairs", "families", "Kendall's τ", "Spearman's ρ", "gain of the first", "of all",
             "of the best", "of those advised against"]  # fmt: skip
    groups = sorted({each.group for each in ordered})
    lines = [_line(group, [each for each in ordered if each.group == group]) for group in groups]
    note = (
        "Rank agreement of the advice with the gains over source-only that were measured, pair by pair, and mean "
        "gains in points."
    )
    return f"{note}\n\n{markdown.table(heads, [*lines, _line('mean of the groups', ordered)])}"


def _line(name: str, ordered: Sequence[Ordered]) -> list[str]:
    weights = group_weights([each.group for each in ordered])

    def mean(values: Sequence[float]) -> float:
        known = ~np.isnan(values)
        return float(np.average(np.array(values)[known], weights=weights[known])) if known.any() else float("nan")

    agreement = [f"{mean([getattr(each, figure) for each in ordered]):+.2f}" for figure in ("kendall", "spearman")]
    figures = (
        [each.of_first for each in ordered],
        [float(each.gains.mean()) for each in ordered],
        [float(each.gains.max()) for each in ordered],
        [each.of_against for each in ordered],
    )
    families = f"{mean([len(each.families) for each in ordered]):.1f}"
    return [
        name,
        str(len(ordered)),
        families,
        *agreement,
        *(markdown.points(mean(each), sign=True) for each in figures),
    ]


if __name__ == "__main__":
    main()
