"""A simple Penn-like tokeniser and sentence splitter, for plain text where spaCy is not wanted.

Words are split at white space; then these become tokens of their own: punctuation, brackets and quotes at a
word's edges (straight and curly double quotes as ```` `` ```` and ``''``), and the second half of a contraction
(``ca n't``, ``it 's``). Hyphenated words, decimal numbers, known abbreviations (``Fig.``, ``e.g.``) and dotted
initials (``U.S.``) stay whole. A bracket inside a word stays there: ``p(53)`` is one token.

Both functions take time linear in the length of the text, whatever it holds.
"""

from __future__ import annotations

import re

_WITH_PERIOD = (
    "mr. mrs. ms. dr. prof. st. jr. sr. inc. corp. co. ltd. no. vs. etc. e.g. i.e. cf. al. fig. figs. approx. "
    "jan. feb. mar. apr. jun. jul. aug. sept. sep. oct. nov. dec. u.s. u.k. u.n. a.m. p.m."
)
ABBREVIATIONS = frozenset(_WITH_PERIOD.split())
"""Lower-cased words whose period belongs to them."""

OPENING = frozenset("\"'“‘`([{<$#")
CLOSING = frozenset("\"'”’)]}>,;:!?%.")
LONGEST_ABBREVIATION = 12
"""Characters; keeps the look at each period short."""

BRACKETS = {")": "(", "]": "["}
CONTRACTIONS = ("n't", "n’t", "'s", "’s", "'re", "’re", "'ve", "’ve", "'ll", "’ll", "'d", "’d", "'m", "’m")
WHOLE = frozenset([*CONTRACTIONS, "``", "''", "...", "--"])
"""Tokens that text which is tokenised already holds; they stay as they are."""

_INITIALS = re.compile(r"(?:[A-Za-z]\.)+")
_END = re.compile(r"[.!?][\"'”’)\]]*$")
_OPENERS = "".join(OPENING)
_CLOSERS = "\"'”’)]"


def tokenise(sentence: str) -> list[str]:
    """The tokens of one sentence."""
    words = sentence.split()
    tokens: list[str] = []
    for number, word in enumerate(words):
        tokens += _split(word, last=number == len(words) - 1)
    return tokens


def sentences(text: str) -> list[str]:
    """Split running text into sentences.

    A sentence ends at a blank line, and after ``.``, ``!`` or ``?`` (with closing quotes or brackets) unless the
    next word begins in lower case or the word is an abbreviation or initials. So a sentence that ends in ``U.S.``
    runs into the next one: the rarer mistake of the two.
    """
    parts: list[str] = []
    for paragraph in re.split(r"\n[^\S\n]*\n", text):
        current: list[str] = []
        words = paragraph.split()
        for number, word in enumerate(words):
            current.append(word)
            following = words[number + 1] if number + 1 < len(words) else ""
            if _END.search(word) and not _owns_period(word.lstrip(_OPENERS)) and not following[:1].islower():
                parts.append(" ".join(current))
                current = []
        if current:
            parts.append(" ".join(current))
    return parts


def _split(word: str, last: bool) -> list[str]:
    """The tokens of one word between blanks: peel both edges by index, then look for a contraction."""
    if word.lower() in WHOLE:
        return [word]
    start, end = 0, len(word)
    before: list[str] = []
    while end - start > 1 and word[start] in OPENING:
        before.append("``" if word[start] in '"“' else word[start])
        start += 1
        if word[start - 1 : start + 1] == "``":  # two back-quotes are one quotation mark
            before[-1] = "``"
            start += 1
    end, after = _closing(word, start, end, last)
    core = word[start:end]
    lowered = core.lower()
    for ending in CONTRACTIONS:
        if lowered.endswith(ending) and len(core) > len(ending):
            cut = len(core) - len(ending)
            return [*before, core[:cut], core[cut:], *after]
    return [*before, *([core] if core else []), *after]


def _closing(word: str, start: int, end: int, last: bool) -> tuple[int, list[str]]:
    """Where the word ends without the punctuation behind it, and that punctuation in order."""
    surplus = {shut: word.count(shut, start, end) - word.count(left, start, end) for shut, left in BRACKETS.items()}
    peeled: list[str] = []
    while end - start > 1 and word[end - 1] in CLOSING:
        mark = word[end - 1]
        if mark == "." and end - start <= LONGEST_ABBREVIATION and _owns_period(word[start:end]):
            if not last or peeled:
                break
            if end - start > 2:  # the sentence's own period fell together with the abbreviation's
                return end, ["."]
        if mark in surplus:
            if surplus[mark] <= 0:  # its partner is inside the word
                break
            surplus[mark] -= 1
        width = 3 if word[max(start, end - 3) : end] == "..." and end - start > 3 else 1
        if word[max(start, end - 2) : end] == "''" and end - start > 2:
            width = 2
        peeled.append("''" if mark in '"”' else word[end - width : end])
        end -= width
    return end, peeled[::-1]


def _owns_period(word: str) -> bool:
    """Whether the period at the end of ``word`` belongs to it: an abbreviation or dotted initials."""
    bare = word.rstrip(_CLOSERS)
    return bare.lower() in ABBREVIATIONS or _INITIALS.fullmatch(bare) is not None
