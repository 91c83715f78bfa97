"""From a name or a path to a corpus: which edition is installed, and its splits as domains.

Accepted wherever a domain is named: ``wsj``, ``wsj@embedded`` (an edition), ``collection/domain``, a path to a
file or folder, ``reader:path?setting=value``, and ``generator?setting=value`` for data made in the computer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workbench.data.cards import Card, load
from workbench.data.corpus import Corpus
from workbench.data.editions import from_card
from workbench.data.generators import Generator
from workbench.data.rows import Rows
from workbench.errors import UnknownName, UsageError
from workbench.plugins.entries import CorpusEntry
from workbench.plugins.loading import Host


def open_corpus(
    name: str,
    host: Host,
    task: str | Iterable[str] | None = None,
    seed: int = 0,
    columns: Mapping[str, str] | None = None,
) -> Corpus:
    """The corpus that ``name`` means.

    Parameters
    ----------
    name : str
    host : Host
    task : str or several, optional
        The task that is asked for, or those that could be served: a path is read for one of them.
    seed : int
        The run's seed, for data made in the computer whose name gives no other.
    columns : mapping, optional
        The columns of a table given as a path, by the options' names: ``text``, ``label``, ``id``. Data sets with a
        card know theirs.
    """
    bare, _, edition = name.partition("@")
    bare, _, query = bare.partition("?")
    entry = None if _is_place(bare) else find(bare, host)
    if entry is not None:
        if entry.generated:
            return _generated(entry, full_name(bare, entry), query, seed)
        card = load(entry.factory, full_name(bare, entry))
        return from_card(card, host, edition)
    from workbench.data import paths

    if paths.looks_like_path(name, host):
        tasks = (task,) if isinstance(task, str) else tuple(task or ())
        return paths.corpus_from_path(name, host, tasks, columns or {})
    raise _unknown("data set or file", name, host, "see 'wb data list', or give a path to a file")


def open_rows(
    name: str, host: Host, task: str, columns: Mapping[str, str], known: Mapping[str, str]
) -> tuple[Rows, list[str]]:
    """The rows of a path, or the examples of a registered data set, for predictions; and what to tell of them.

    See :func:`workbench.data.paths.rows_from_path`. Raises :class:`UsageError` for data of another task.
    """
    from workbench.data import paths
    from workbench.data.example_rows import ExampleRows

    if is_path(name, host) and paths.opener_of(name, host, columns) is None:
        return paths.rows_from_path(name, host, task, columns, known)
    corpus = open_corpus(name, host, task, columns=columns)
    if corpus.task != task:
        raise UsageError(f"{name}: is for {corpus.task}, but the model is for {task}")
    split = "test" if "test" in corpus.splits else corpus.splits[0]
    return ExampleRows(corpus.unlabelled(split).inputs), corpus.notices


def check_columns(names: Sequence[str], host: Host, columns: Mapping[str, str]) -> None:
    """Raise :class:`UsageError` where columns are named but no domain is given as a path that could have any."""
    if columns and not any(is_path(name, host) for name in names):
        raise UsageError(f"--{next(iter(columns))} names a column of a table of your own; these data sets know theirs")


def is_path(name: str, host: Host) -> bool:
    """Whether a name means a path, or a reference that an opener takes, and no registered data set."""
    from workbench.data import paths

    bare = name.partition("@")[0].partition("?")[0]
    return (_is_place(bare) or find(bare, host) is None) and paths.looks_like_path(name, host)


def _unknown(kind: str, name: str, host: Host, hint: str) -> UsageError:
    domains = [full for entry in host.corpora if entry.name == name and entry.domains for full in names_of(entry)]
    if domains:
        return UsageError(f"'{name}' is a collection; name one of its domains: {', '.join(domains)}")
    return UnknownName(kind, name, names(host), hint=hint)


def _is_place(name: str) -> bool:
    return "/" in name and name.startswith((".", "/", "~"))


def names(host: Host) -> list[str]:
    """Every name that :func:`find` knows in full."""
    return [full for entry in host.corpora for full in names_of(entry)]


def names_of(entry: CorpusEntry, task: str | None = None) -> list[str]:
    """The full name of a data set, or of each domain of a collection (that is for ``task``)."""
    domains = [domain for domain in entry.domains if task is None or entry.task_of(domain) == task]
    return [f"{entry.name}/{domain}" for domain in domains] or [entry.name]


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


def find_generated(name: str, host: Host) -> tuple[CorpusEntry, str] | None:
    """The entry and the full name of a data set that is made in the computer; None for any other name."""
    bare = name.partition("?")[0]
    entry = find(bare, host)
    return (entry, full_name(bare, entry)) if entry is not None and entry.generated else None


def find_card(name: str, host: Host) -> Card:
    """The card behind a registered name; raises :class:`UnknownName` or :class:`UsageError`."""
    entry = find(name, host)
    if entry is None:
        raise _unknown("data set", name, host, "see 'wb data list'")
    if entry.generated:
        raise UsageError(f"'{name}' is made in the computer; there is nothing to get or to add")
    return load(entry.factory, full_name(name, entry))


def _generated(entry: CorpusEntry, name: str, query: str, seed: int) -> Corpus:
    from urllib.parse import parse_qsl

    generator_type: type[Generator] = entry.load()
    settings = dict(parse_qsl(query, keep_blank_values=True))
    return generator_type.of(f"'{name}'", settings, seed).make(name.partition("/")[2])
