"""A toy language in two domains, on which any tagging method fits in a second.

The target has the source's grammar and function words, and nouns, verbs and adjectives of its own whose endings
and neighbours tell what they are.
"""

from __future__ import annotations

import numpy as np

from workbench.data.domains import Domain

CLASSES = ("ADJ", "DET", "NOUN", "PREP", "VERB")
PATTERNS = (
    ("DET", "NOUN", "VERB", "DET", "NOUN"),
    ("DET", "ADJ", "NOUN", "VERB", "PREP", "DET", "NOUN"),
    ("DET", "NOUN", "PREP", "DET", "ADJ", "NOUN", "VERB"),
    ("NOUN", "VERB", "DET", "ADJ", "NOUN", "PREP", "NOUN"),
)
FUNCTION = {"DET": ("the", "a", "this"), "PREP": ("of", "in", "with")}
ENDINGS = {"NOUN": ("ion", "er", "t"), "VERB": ("ed", "es", "t"), "ADJ": ("ive", "al", "y")}
SYLLABLES = {"source": ("ba", "do", "ki", "lu", "me", "ra"), "target": ("za", "vo", "pi", "ku", "ne", "ba")}


def domains(seed: int, sentences: int = 120) -> tuple[Domain, Domain]:
    """A labelled source and a labelled target domain."""
    generator = np.random.default_rng(seed)
    return _domain("source", sentences, generator), _domain("target", sentences, generator)


def _domain(side: str, n: int, generator: np.random.Generator) -> Domain:
    inputs, labels = [], []
    for _ in range(n):
        pattern = PATTERNS[generator.integers(len(PATTERNS))]
        inputs.append([_word(tag, side, generator) for tag in pattern])
        labels.append(np.array([CLASSES.index(tag) for tag in pattern]))
    return Domain(f"toy {side}", "tagging", inputs, labels, CLASSES)


def _word(tag: str, side: str, generator: np.random.Generator) -> str:
    if tag in FUNCTION:
        return str(generator.choice(FUNCTION[tag]))
    stem = "".join(generator.choice(SYLLABLES[side], size=2))
    return stem + str(generator.choice(ENDINGS[tag]))
