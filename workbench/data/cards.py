"""Cards: what a data set is, in which editions it can be had, and how each is read.

A card is a TOML file. Its editions stand best first; the embedded sample, if there is one, stands last and is
always installed. A split is a list of parts, each read by one reader.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, Literal

from pydantic import Field

from workbench.errors import DataError, UsageError
from workbench.settings import Settings

SplitName = Literal["train", "unlabelled", "dev", "test", "blind"]


class File(Settings):
    """One file of an edition, at the same relative path in the data folder and in a mirror."""

    path: str
    url: str = ""
    others: tuple[str, ...] = Field((), description="Further addresses, for when the first does not give it.")
    sha256: str = Field("", description="Digest of the file's bytes, where the host promises stable bytes.")
    md5: str = Field("", description="The same, where a host gives no better one.")
    members: tuple[str, ...] = Field(
        (), description="Patterns of the archive members that are used, verified instead of the archive's bytes."
    )
    members_sha256: str = Field("", description="Digest over the names and bytes of the used members.")
    bytes: int = 0

    @property
    def digest(self) -> str:
        """The best digest that the card has of it; empty for none."""
        return self.sha256 or self.members_sha256 or self.md5


class Part(Settings):
    """One stretch of a split: which files, which reader."""

    reader: str
    file: str = Field(description="A file of the edition, or a glob pattern inside a folder.")
    members: str | tuple[str, ...] = Field("", description="Pattern(s) of archive members to read, in sorted order.")
    members_listed_in: str = Field("", description="A member that lists the ids of the members to read.")
    beside: str = Field("", description="Another file of the edition that the reader takes after these.")
    beside_members: str = Field("", description="Pattern of that archive's members.")
    member: str = Field("", description="The member of an id, with {} for the id.")
    strip_zeros: bool = Field(False, description="Whether listed ids have leading zeros that names lack.")
    rows: tuple[int, int | None] | None = Field(None, description="Only the examples from … up to …")
    per_class: bool = Field(False, description="Whether the first folder that is a pattern has one folder a class.")
    labels: bool = Field(True, description="Whether the labels may be read; false for text that serves unlabelled.")
    options: dict[str, Any] = Field(default_factory=dict, description="Settings of the reader.")


class Edition(Settings):
    """One obtainable form of a corpus."""

    name: str
    title: str
    package: str = Field("", description="The Python package that carries the files; empty for a download.")
    licence: str = ""
    restricted: bool = Field(False, description="Whether --accept-licence must be given before the download.")
    manual: str = Field("", description="How to get it when it cannot be downloaded.")
    files: tuple[File, ...] = ()
    splits: dict[SplitName, tuple[Part, ...]]
    label_map: dict[str, str] = Field(default_factory=dict, description="Label names to the card's names.")
    holds: dict[str, dict[str, int]] = Field(default_factory=dict, description="Counts of each split.")

    @property
    def embedded(self) -> bool:
        return bool(self.package)


class Card(Settings):
    """All that is known of one data set."""

    name: str
    title: str
    task: str
    language: str = ""
    licence: str
    citation: str
    homepage: str = ""
    notes: str = ""
    classes: tuple[str, ...] = Field((), description="The declared label set, e.g. the Penn tags.")
    editions: tuple[Edition, ...]

    def edition(self, name: str) -> Edition:
        for edition in self.editions:
            if edition.name == name:
                return edition
        names = ", ".join(edition.name for edition in self.editions)
        raise UsageError(f"'{self.name}' has no edition '{name}'; there are: {names}")


def parse(text: str, name: str, where: str) -> Card:
    """A card from TOML; raises :class:`DataError` naming the file and the key at fault."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{where}: not a TOML file: {error}") from None
    try:
        return Card.parse({"name": name, **values})
    except UsageError as error:
        raise DataError(f"{where}: {error}") from None


def load(reference: str, name: str) -> Card:
    """The card at ``"package:path/in/package.toml"``; of a collection's card, the domain ``collection/domain``.

    A collection's card may hold ``{domain}`` wherever the domains' files differ and, from a table
    ``[domains.NAME]`` for each of them, further words in braces.
    """
    package, _, path = reference.partition(":")
    text = resources.files(package).joinpath(path).read_text(encoding="utf-8")
    text, _, table = text.partition("\n[domains.")
    domain = name.rpartition("/")[2]
    words = {"domain": domain}
    if table:
        words |= tomllib.loads("[domains." + table)["domains"].get(domain, {})
    for word, value in words.items():
        text = text.replace("{" + word + "}", value)
    return parse(text, name, path)
