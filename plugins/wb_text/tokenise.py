"""A simple Penn-like tokeniser and sentence splitter, for plain text where spaCy is not wanted.

Words are split at white space; then punctuation at a word's edges, contractions (``ca n't``, ``it 's``), brackets
and quotes become tokens of their own. Hyphenated words, decimal numbers and known abbreviations stay whole.
"""

from __future__ import annotations

import re

ABBREVIATIONS = frozenset(
    "mr. mrs. ms. dr. prof. st. jr. sr. inc. corp. co. ltd. no. vs. etc. e.g. i.e. cf. al. fig. figs. approx. "
    "jan. feb. mar. apr. jun. jul. aug. sept. sep. oct. nov. dec. u.s. u.k. u.n. a.m. p.m.".split()
)
_OPENING = re.compile(r"^([\"'“‘`(\[{<$#])(.+)$")
_CLOSING = re.compile(r"^(.+?)(\.\.\.|[\"'”’)\]}>,;:!?%.])$")
_CONTRACTION = re.compile(r"^(.+)(n't|n’t|'s|’s|'re|'ve|'ll|'d|'m|’re|’ve|’ll|’d|’m)$", re.IGNORECASE)
_END = re.compile(r"[.!?][\"'”’)\]]*$")


def tokenise(sentence: str) -> list[str]:
    """The tokens of one sentence."""
    words = sentence.split()
    tokens: list[str] = []
    for number, word in enumerate(words):
        tokens += _split(word, last=number == len(words) - 1)
    return tokens


def sentences(text: str) -> list[str]:
    """Split running text: after ``.``, ``!`` or ``?`` where the next word does not begin in lower case."""
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        current: list[str] = []
        words = paragraph.split()
        for number, word in enumerate(words):
            current.append(word)
            following = words[number + 1] if number + 1 < len(words) else ""
            if _END.search(word) and word.lower() not in ABBREVIATIONS and not following[:1].islower():
                found.append(" ".join(current))
                current = []
        if current:
            found.append(" ".join(current))
    return found


def _split(word: str, last: bool) -> list[str]:
    before: list[str] = []
    after: list[str] = []
    while len(word) > 1 and (match := _OPENING.match(word)):
        before.append("``" if match[1] in '"“' else match[1])
        word = match[2]
    while len(word) > 1 and (match := _CLOSING.match(word)):
        if match[2] == "." and not last and _keeps_period(word):
            break
        if match[2] == ")" and "(" in match[1] or match[2] == "]" and "[" in match[1]:
            break
        after.insert(0, "''" if match[2] in '"”' else match[2])
        word = match[1]
    if (match := _CONTRACTION.match(word)) and len(match[1]) > 0:
        return [*before, match[1], match[2], *after]
    return [*before, word, *after]


def _keeps_period(word: str) -> bool:
    """Inside a sentence, abbreviations and initials keep their period."""
    return word.lower() in ABBREVIATIONS or bool(re.fullmatch(r"(?:[A-Za-z]\.)+", word))
