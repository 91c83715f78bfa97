"""A guess of the language of texts, by frequent words and by scripts."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import islice

WORDS = {
    "English": "the of and to in is that it was for with as on be at by this are not have from but they his her which",
    "German": "der die und das ist nicht ein eine mit von zu den auf für sich im dem auch es ich werden wie oder bei",
    "French": "le la les des et est une dans pour que qui pas sur avec du ce au il elle nous vous sont par mais",
    "Spanish": "el la los las de y en que es un una por con para no se del al lo como más su pero está muy",
    "Italian": "il di che è la per un una non con sono del della gli nel anche come più questo ma alla dei",
    "Portuguese": "o a os as de e que em um uma para com não do da no na se por mais como foi mas ao",
    "Dutch": "de het een en van is dat niet op te zijn voor met er aan ook als maar om hij bij wordt",
    "Swedish": "och att det i en är som på för av med den till inte om ett har de jag var men sig",
    "Danish": "og at det i en er som på for af med den til ikke om et har de jeg var men sig der",
    "Norwegian": "og at det i en er som på for av med den til ikke om et har de jeg var men seg der",
    "Polish": "i w na nie się z do to że jest o jak po co ale za od tak przez dla są ma był",
    "Czech": "a se v na je že to s z do o i jako za by pro ale po od tak jsem má byl podle které",
    "Romanian": "și de în la cu a nu pe este un o din care pentru mai sunt că au se prin dar fost",
    "Finnish": "ja on ei se että oli hän mutta kun niin ovat myös tai sen mukaan joka jos vain sitä olla",
    "Hungarian": "a az és hogy nem is egy ez de van volt meg már csak mint azt még ha vagy lesz",
    "Turkish": "ve bir bu da de için ile çok ne daha gibi olarak var ama o kadar olan sonra en mi",
    "Indonesian": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga ke ada saya karena bisa adalah",
}
"""Frequent words of languages in the Latin script; words that several share count for each."""

SCRIPTS = {
    "CYRILLIC": "a language in Cyrillic",
    "GREEK": "Greek",
    "ARABIC": "a language in Arabic script",
    "HEBREW": "Hebrew",
    "DEVANAGARI": "a language in Devanagari",
    "HANGUL": "Korean",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "CJK": "Chinese",
    "THAI": "Thai",
}

ENOUGH = 200
"""Words from which on a guess is made."""

SURE, AHEAD = 0.12, 1.25
"""Share of words that must be frequent ones of a language, and how far it must be ahead of the next."""

LOOKED_AT = 20_000


def language(texts: Sequence[Sequence[str]]) -> str | None:
    """The language of lower-cased words, or None where it is not sure."""
    letters = (word for text in texts for word in text if any(map(str.isalpha, word)))
    words = list(islice(letters, LOOKED_AT))
    if len(words) < ENOUGH:
        return None
    script = _script(words)
    if script is not None:
        return script
    counts = Counter(words)
    shares = sorted(
        ((sum(counts[word] for word in frequent.split()) / len(words), name) for name, frequent in WORDS.items()),
        reverse=True,
    )
    (best, name), (second, _) = shares[0], shares[1]
    return name if best >= SURE and best >= AHEAD * second else None


def _script(words: Sequence[str]) -> str | None:
    """The language or script that most letters are of, where it is not Latin."""
    scripts = Counter(unicodedata.name(word[0], "").split(" ")[0].split("-")[0] for word in words)
    names = Counter({SCRIPTS[name]: times for name, times in scripts.items() if name in SCRIPTS})
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.05 * len(words):
        return "Japanese"
    name, times = names.most_common(1)[0] if names else ("", 0)
    return name if times > 0.5 * len(words) else None
