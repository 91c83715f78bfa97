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
from workbench.settings import Settings, described

SplitName = Literal["train", "unlabelled", "dev", "test", "blind"]


class File(Settings):
    """One file of an edition, at the same relative path in the data folder and in a mirror."""

    path: str = Field(description="Its path below the data folder and in a mirror.")
    url: str = Field("", description="The address that it is downloaded from.")
    others: tuple[str, ...] = Field((), description="Further addresses, for when the first does not give it.")
    sha256: str = Field("", description="Digest of the file's bytes, where the host promises stable bytes.")
    md5: str = Field("", description="The same, where a host gives no better one.")
    members: tuple[str, ...] = Field(
        (), description="Patterns of the archive members that are used, verified instead of the archive's bytes."
    )
    members_sha256: str = Field("", description="Digest over the names and bytes of the used members.")
    bytes: int = Field(0, description="Its size.")

    @property
    def digest(self) -> str:
        """The best digest that the card has of it; empty for none."""
        return self.sha256 or self.members_sha256 or self.md5


class Part(Settings):
    """One stretch of a split: which files, which reader."""

    reader: str = Field(description="The registered reader.")
    file: str = Field(description="A file of the edition, or a glob pattern inside a folder.")
    members: str | tuple[str, ...] = Field("", description="Pattern(s) of archive members to read, in sorted order.")
    members_listed_in: str = Field("", description="A member that lists the ids of the members to read.")
    extra_file: str = Field("", description="Another file of the edition that the reader takes after these.")
    extra_members: str = Field("", description="Pattern of that archive's members.")
    member: str = Field("", description="The member of an id, with {} for the id.")
    strip_zeros: bool = Field(False, description="Whether listed ids have leading zeros that names lack.")
    rows: tuple[int, int | None] | None = Field(None, description="Only the examples from … up to …")
    per_class: bool = Field(False, description="Whether the first folder that is a pattern has one folder a class.")
    labels: bool = Field(True, description="Whether the labels may be read; false for text that serves unlabelled.")
    options: dict[str, Any] = Field(default_factory=dict, description="Settings of the reader.")


class Edition(Settings):
    """One obtainable form of a corpus."""

    name: str = Field(description="What stands behind the @ of NAME@EDITION.")
    title: str = Field(description="What it is, in a few words.")
    package: str = Field("", description="The Python package that carries the files; empty for a download.")
    licence: str = Field("", description="Its licence, where it is another than the card's.")
    restricted: bool = Field(False, description="Whether --accept-licence must be given before the download.")
    manual: str = Field("", description="How to get it when it cannot be downloaded.")
    files: tuple[File, ...] = Field((), description="What is downloaded or got from a mirror.")
    splits: dict[SplitName, tuple[Part, ...]] = Field(
        description="For train, unlabelled, dev, test and blind the parts that are read and joined."
    )
    label_map: dict[str, str] = Field(default_factory=dict, description="Label names to the card's names.")
    holds: dict[str, dict[str, int]] = Field(default_factory=dict, description="Counts of each split.")

    @property
    def embedded(self) -> bool:
        return bool(self.package)


class Card(Settings):
    """All that is known of one data set."""

    name: str = Field(description="The registered name.")
    title: str = Field(description="What the data set is, in a few words.")
    task: str = Field(description="The registered task.")
    language: str = Field("", description="The language of its texts.")
    licence: str = Field(description="Its licence, or what is known of one.")
    citation: str = Field(description="The publication to cite.")
    homepage: str = Field("", description="Where its authors present it.")
    notes: str = Field("", description="What a user should know of it.")
    classes: tuple[str, ...] = Field((), description="The declared label set, e.g. the Penn tags.")
    editions: tuple[Edition, ...] = Field(description="The best first; a run takes the first that is installed.")

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


def reference() -> str:
    """Every key of a card's TOML, in Markdown: a table for each kind of table in the file."""
    lines: list[str] = []
    for heading, model in (
        ("The card", Card),
        ("`[[editions]]`", Edition),
        ("`[[editions.files]]`", File),
        ("`[[editions.splits.NAME]]`", Part),
    ):
        lines += [f"### {heading}", "", "| key | takes | default | meaning |", "| --- | --- | --- | --- |"]
        for key in described(model):
            if model is Card and key.name == "name":
                continue  # the registration gives it, not the file
            default = "must be given" if key.required else key.default
            lines.append(f"| `{key.name}` | {key.takes} | {default} | {key.description} |")
        lines.append("")
    return "\n".join(lines)
