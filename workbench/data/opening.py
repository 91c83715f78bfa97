"""From a name or a path to a corpus: which edition is installed, and its splits as domains.

Accepted wherever a domain is named: ``wsj``, ``wsj@embedded`` (an edition), ``collection/domain``, a path to a
file or folder, ``reader:path?setting=value``, and ``generator?setting=value`` for data made in the computer.
"""

from __future__ import annotations

from workbench.data.cards import Card, load
from workbench.data.corpus import Corpus
from workbench.data.editions import from_card
from workbench.errors import UnknownName, UsageError
from workbench.plugins.entries import CorpusEntry
from workbench.plugins.loading import Host


def open_corpus(name: str, host: Host, task: str | None = None) -> Corpus:
    """The corpus that ``name`` means; ``task`` decides where a path could be read in several ways."""
    bare, _, edition = name.partition("@")
    bare, _, query = bare.partition("?")
    entry = None if "/" in bare and bare.startswith((".", "/", "~")) else find(bare, host)
    if entry is not None:
        if entry.generated:
            return _generated(entry, bare, query)
        card = load(entry.factory, full_name(bare, entry))
        return from_card(card, host, edition)
    from workbench.data import paths

    if paths.looks_like_path(name, host):
        return paths.corpus_from_path(name, host, task)
    raise UnknownName("data set or file", name, names(host), hint="see 'wb data list', or give a path to a file")


def names(host: Host) -> list[str]:
    """Every name that :func:`find` knows in full."""
    return [full for entry in host.corpora for full in names_of(entry)]


def names_of(entry: CorpusEntry) -> list[str]:
    """The full name of a data set, or of each domain of a collection."""
    return [f"{entry.name}/{domain}" for domain in entry.domains] or [entry.name]


def find(name: str, host: Host) -> CorpusEntry | None:
    """The entry of a full name, or of a domain's short name where only one collection has it."""
    collection, _, domain = name.partition("/")
    for entry in host.corpora:
        if entry.name == collection and (domain in entry.domains if entry.domains else not domain):
            return entry
    holders = [entry for entry in host.corpora if entry.short and name in entry.domains]
    if len(holders) > 1:
        choices = " or ".join(f"{entry.name}/{name}" for entry in holders)
        raise UsageError(f"'{name}' is ambiguous: say {choices}")
    return holders[0] if holders else None


def full_name(name: str, entry: CorpusEntry) -> str:
    return name if name.partition("/")[0] == entry.name else f"{entry.name}/{name}"


def find_card(name: str, host: Host) -> Card:
    """The card behind a registered name; raises :class:`UnknownName` or :class:`UsageError`."""
    entry = find(name, host)
    if entry is None:
        raise UnknownName("data set", name, names(host), hint="see 'wb data list'")
    if entry.generated:
        raise UsageError(f"'{name}' is made in the computer; there is nothing to get or to add")
    return load(entry.factory, full_name(name, entry))


def _generated(entry: CorpusEntry, name: str, query: str) -> Corpus:
    """A corpus made by a generator: called with the domain's name and the query's settings."""
    from urllib.parse import parse_qsl

    corpus: Corpus = entry.load()(full_name(name, entry).partition("/")[2], dict(parse_qsl(query)))
    return corpus
