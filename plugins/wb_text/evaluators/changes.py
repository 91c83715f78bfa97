"""What changed between a baseline tagger and an adapted one: patterns, words, sentences to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.data.domains import Domain

if TYPE_CHECKING:
    from wb_text.evaluators.alignment import Aligned

EXAMPLES = 3
CONTEXT = 5
TOP = 10


def changes(gold: Domain, before: Aligned, after: Aligned, lexicon: Mapping[str, set[int]]) -> dict[str, Any]:
    """Corrected and broken words, the confusions that changed most, and example sentences."""
    corrected = np.flatnonzero(after.right & ~before.right)
    broken = np.flatnonzero(before.right & ~after.right)
    return {
        "corrected": len(corrected),
        "broken": len(broken),
        "examples": examples(gold, before, after, corrected, lexicon),
        "tables": {
            "Confusions that changed most": {
                "headers": ["gold", "taken for", "baseline", "adapted", "change"],
                "rows": confusion_changes(before, after),
            }
        },
    }


def confusion_changes(before: Aligned, after: Aligned) -> list[list[Any]]:
    """Rows of gold tag, wrong tag, errors of the baseline, errors of the adapted model, change."""
    first, second = _errors(before), _errors(after)
    pairs = sorted(first | second, key=lambda pair: (-abs(second[pair] - first[pair]), pair))
    return [[*pair, first[pair], second[pair], f"{second[pair] - first[pair]:+d}"] for pair in pairs[:TOP]]


def _errors(aligned: Aligned) -> Counter[tuple[str, str]]:
    wrong = ~aligned.right
    pairs = zip(aligned.gold[wrong].tolist(), aligned.predicted[wrong].tolist(), strict=True)
    return Counter({(aligned.names[g], aligned.names[s]): n for (g, s), n in Counter(pairs).items()})


def examples(
    gold: Domain, before: Aligned, after: Aligned, corrected: np.ndarray, lexicon: Mapping[str, set[int]]
) -> list[str]:
    """Lines such as ``signal: JJ → NN   in "interfere with normal signal transduction"``.

    One for each pattern of correction, the frequent patterns first. Within a pattern, words that the source leaves
    open (unknown there, or with several tags) come first, then plain lower-case words, then those corrected often.
    """
    words = list(chain.from_iterable(gold.inputs))
    starts = np.cumsum([0, *(len(sentence) for sentence in gold.inputs)])
    patterns = Counter((before.names[before.predicted[i]], after.names[after.gold[i]]) for i in corrected.tolist())
    repeats = Counter(words[i].lower() for i in corrected.tolist())

    def rank(i: int) -> tuple[int, bool, bool, int, int]:
        pattern = (before.names[before.predicted[i]], after.names[after.gold[i]])
        plain = words[i].isalpha() and words[i].islower()
        decided = len(lexicon.get(words[i], ())) == 1
        return (-patterns[pattern], decided, not plain, -repeats[words[i].lower()], i)

    lines: list[str] = []
    shown: set[tuple[str, str]] = set()
    for i in sorted(corrected.tolist(), key=rank):
        wrong, right = before.names[before.predicted[i]], after.names[after.gold[i]]
        if (wrong, right) in shown:
            continue
        shown.add((wrong, right))
        s = int(after.sentence[i])
        a, b = max(int(starts[s]), i - CONTEXT), min(int(starts[s + 1]), i + CONTEXT + 1)
        excerpt = " ".join(words[a:b])
        left = "… " if a > starts[s] else ""
        more = " …" if b < starts[s + 1] else ""
        lines.append(f"{words[i]}: {wrong} → {right}   in “{left}{excerpt}{more}”")
        if len(lines) == EXAMPLES:
            break
    return lines
