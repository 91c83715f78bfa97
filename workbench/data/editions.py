"""From a card's edition to a corpus: its parts read by their readers and joined."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from workbench.data import archives, installed
from workbench.data.cards import Card, Edition, Part
from workbench.data.corpus import Corpus
from workbench.data.inputs import concatenate
from workbench.data.readers import Examples, SourceFile
from workbench.errors import DataError
from workbench.plugins.loading import Host


def from_card(card: Card, host: Host, edition_name: str = "") -> Corpus:
    """The named edition, or the best installed one. Raises ``NotInstalled`` with the command that gets it."""
    edition = card.edition(edition_name) if edition_name else installed.best_installed(card)
    root = installed.root_of(card, edition)

    def read(split: str, labelled: bool) -> Examples:
        parts = [_read_part(part, edition, root, host, labelled) for part in edition.splits[split]]  # type: ignore[index]
        return _join(parts, labelled)

    splits = list(edition.splits.values())
    better = card.editions[: card.editions.index(edition)]
    advice = next((installed.command_for(card, e) for e in better if not e.manual), "")
    return Corpus(
        name=card.name,
        task=card.task,
        edition=edition.name,
        splits=tuple(edition.splits),
        read=read,
        title=edition.title,
        classes=card.classes,
        advice=advice,
        digests=installed.digests(card, edition),
        one_pool=len(splits) > 1 and all(parts == splits[0] for parts in splits),
    )


def _read_part(part: Part, edition: Edition, root: installed.Root, host: Host, labelled: bool) -> Examples:
    entry = host.readers.get(part.reader)
    reader_type = entry.load()
    reader = reader_type(reader_type.Params.parse(part.options, where=f"reader '{part.reader}'"))
    with ExitStack() as stack:
        files = _files_of(part, stack.enter_context(root.open(part.file)))
        if part.extra_file:
            more = part.model_copy(update={"members": part.extra_members, "members_listed_in": ""})
            files = [*files, *_files_of(more, stack.enter_context(root.open(part.extra_file)))]
        examples: Examples = reader.read(files, labelled=labelled and part.labels)
    if edition.label_map and examples.labels is not None:
        examples = replace(examples, labels=rename(examples.labels, edition.label_map))
    if part.rows is not None:
        chosen = slice(*part.rows)
        labels = None if examples.labels is None else examples.labels[chosen]
        documents = None if examples.documents is None else examples.documents[chosen]
        examples = replace(examples, inputs=examples.inputs[chosen], labels=labels, documents=documents)
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
    members = source.matching([part.members] if isinstance(part.members, str) else part.members)
    if not members:
        raise DataError(f"{source.path}: no member fits '{part.members}'; get the data set again")
    return source.files(members)


def rename(labels: Any, mapping: dict[str, str]) -> Any:
    """Label names through a card's map, for one name per example and for one per token alike."""
    sequences = any(isinstance(label, list) for label in labels)

    def renamed(label: Any) -> Any:
        return [mapping.get(name, name) for name in label] if sequences else mapping.get(label, label)

    return [None if label is None else renamed(label) for label in labels]


def _join(parts: list[Examples], labelled: bool) -> Examples:
    inputs = concatenate([part.inputs for part in parts])
    with_labels = labelled and all(part.labels is not None for part in parts)
    labels = concatenate([part.labels for part in parts]) if with_labels else None
    known = [part.documents for part in parts if part.documents is not None]
    documents = [name for names in known for name in names] if len(known) == len(parts) else None
    notices = tuple(notice for part in parts for notice in part.notices)
    return Examples(inputs, labels, notices, documents, columns=parts[0].columns)
