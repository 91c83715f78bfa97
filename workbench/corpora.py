"""From a name or a path to a corpus: which edition is installed, and its splits as domains.

Accepted wherever a domain is named: ``wsj``, ``wsj@embedded`` (an edition), ``collection/domain``, a path to a
file or folder, ``reader:path?setting=value``, and ``generator?setting=value`` for data made in the computer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from workbench import acquire, archives
from workbench.cards import Card, Edition, Part, load
from workbench.domains import Domain, concatenate
from workbench.errors import DataError, UnknownName, UsageError
from workbench.plugins import Host
from workbench.readers import Examples, SourceFile
from workbench.registry import CorpusEntry
from workbench.tasks import Task


@dataclass(eq=False)
class Corpus:
    """A named data set in one edition: its splits are read when they are asked for.

    ``read(split, labelled)`` gives :class:`Examples`; with ``labelled=False`` no label is ever parsed out.
    """

    name: str
    task: str
    edition: str
    splits: tuple[str, ...]
    read: Callable[[str, bool], Examples] = field(repr=False)
    title: str = ""
    classes: tuple[str, ...] = ()
    advice: str = ""
    """The command that gets a fuller edition, when this is not the best one."""
    digests: dict[str, str] = field(default_factory=dict)
    one_pool: bool = False
    """Whether all splits are the same examples (a single file)."""
    notices: list[str] = field(default_factory=list)

    def examples(self, split: str, labelled: bool) -> Examples:
        if split not in self.splits:
            raise UsageError(f"'{self.name}' ({self.edition}) has no split '{split}'; it has: {', '.join(self.splits)}")
        examples = self.read(split, labelled)
        self.notices += [notice for notice in examples.notices if notice not in self.notices]
        return examples

    def labelled(self, split: str, task: Task) -> Domain:
        """A split with its labels; raises :class:`DataError` when it has none."""
        examples = self.examples(split, True)
        if examples.labels is None:
            raise DataError(f"'{self.name}' split '{split}' has no labels; name a labelled file or split")
        found = task.class_names(examples.labels)
        undeclared = [name for name in found if self.classes and name not in self.classes]
        if undeclared:
            self.notices.append(f"{self.name}: labels outside the declared set: {', '.join(undeclared[:8])}")
        return Domain(self.name, self.task, examples.inputs, task.encode(examples.labels, found), found)

    def unlabelled(self, split: str) -> Domain:
        """A split without labels: nothing of the gold is in the returned object."""
        return Domain(self.name, self.task, self.examples(split, False).inputs)


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
    from workbench import paths

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


def from_card(card: Card, host: Host, edition_name: str = "") -> Corpus:
    """The named edition, or the best installed one. Raises ``NotInstalled`` with the command that gets it."""
    edition = card.edition(edition_name) if edition_name else acquire.best_installed(card)
    root = acquire.root_of(card, edition)

    def read(split: str, labelled: bool) -> Examples:
        parts = [_read_part(part, edition, root, host, labelled) for part in edition.splits[split]]  # type: ignore[index]
        return _join(parts, labelled)

    splits = list(edition.splits.values())
    better = card.editions[: card.editions.index(edition)]
    advice = next((acquire.command_for(card, e) for e in better if not e.manual), "")
    return Corpus(
        name=card.name,
        task=card.task,
        edition=edition.name,
        splits=tuple(edition.splits),
        read=read,
        title=edition.title,
        classes=card.classes,
        advice=advice,
        digests=acquire.digests(card, edition),
        one_pool=len(splits) > 1 and all(parts == splits[0] for parts in splits),
    )


def _read_part(part: Part, edition: Edition, root: acquire.Root, host: Host, labelled: bool) -> Examples:
    entry = host.readers.get(part.reader)
    reader_type = entry.load()
    reader = reader_type(reader_type.Params.parse(part.options, where=f"reader '{part.reader}'"))
    with ExitStack() as stack:
        files = _files_of(part, stack.enter_context(root.open(part.file)))
        if part.beside:
            more = part.model_copy(update={"members": part.beside_members, "members_listed_in": ""})
            files = [*files, *_files_of(more, stack.enter_context(root.open(part.beside)))]
        examples: Examples = reader.read(files, labelled=labelled and part.labels)
    if edition.label_map and examples.labels is not None:
        examples = Examples(examples.inputs, rename(examples.labels, edition.label_map), examples.notices)
    if part.rows is not None:
        chosen = slice(*part.rows)
        labels = None if examples.labels is None else examples.labels[chosen]
        examples = Examples(examples.inputs[chosen], labels, examples.notices)
    return examples


def _files_of(part: Part, source: archives.Archive | list[SourceFile]) -> list[SourceFile]:
    """The members of an archive that a part means, or the plain files themselves."""
    if not isinstance(source, archives.Archive):
        return source
    if part.members_listed_in:
        ids = source.read(part.members_listed_in).decode("utf-8").split()
        if part.strip_zeros:
            ids = [identifier.lstrip("0") for identifier in ids]
        present = set(source.names)
        members = [part.member.replace("{}", identifier) for identifier in ids]
        return source.files(member for member in members if member in present)
    found = source.matching([part.members] if isinstance(part.members, str) else part.members)
    if not found:
        raise DataError(f"{source.path}: no member fits '{part.members}'; get the data set again")
    return source.files(found)


def rename(labels: Any, mapping: dict[str, str]) -> Any:
    """Label names through a card's map, for one name per example and for one per token alike."""
    if labels and not isinstance(labels[0], str):
        return [[mapping.get(name, name) for name in row] for row in labels]
    return [mapping.get(name, name) for name in labels]


def _join(parts: list[Examples], labelled: bool) -> Examples:
    inputs = concatenate([part.inputs for part in parts])
    with_labels = labelled and all(part.labels is not None for part in parts)
    labels = concatenate([part.labels for part in parts]) if with_labels else None
    return Examples(inputs, labels, tuple(notice for part in parts for notice in part.notices))


def _generated(entry: CorpusEntry, name: str, query: str) -> Corpus:
    """A corpus made by a generator: called with the domain's name and the query's settings."""
    from urllib.parse import parse_qsl

    corpus: Corpus = entry.load()(full_name(name, entry).partition("/")[2], dict(parse_qsl(query)))
    return corpus
