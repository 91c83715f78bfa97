"""What a bench runs: the product of methods, pairs, seeds and a grid of settings."""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, field_validator

from workbench.errors import DataError, UsageError
from workbench.running.outcome import PluginVersion
from workbench.running.records import digest_of
from workbench.running.specification import Specification
from workbench.running.target_labels import TargetLabels
from workbench.settings import Settings

Scalar = bool | int | float | str


@dataclass(frozen=True, eq=False)
class Cell:
    """One run of a bench."""

    specification: Specification

    @property
    def key(self) -> str:
        """Ten characters that stand for what was asked: equal cells are run once."""
        return digest_of(self.specification.as_dict())

    def key_with(self, plugins: Iterable[PluginVersion]) -> str:
        """The same for the versions of the plugins that take part as well."""
        versions = [[plugin.name, plugin.distribution, plugin.version] for plugin in plugins]
        return digest_of({"specification": self.specification.as_dict(), "plugins": versions})

    @property
    def name(self) -> str:
        spec = self.specification
        settings = "".join(f" {name}={value}" for name, value in spec.settings.items())
        return f"{spec.method}{settings} {'+'.join(spec.sources)} → {spec.target} s{spec.seed}"


class Plan(Settings):
    """A checked plan. In a TOML file each field is a key; settings of one method stand in ``[settings.METHOD]``."""

    methods: tuple[str, ...] = Field(min_length=1, description="Methods, by name.")
    pairs: tuple[str, ...] = Field(
        (), description="SOURCE:TARGET, or SOURCE::TARGET where a name holds a colon; + joins several sources."
    )
    collections: tuple[str, ...] = Field((), description="Collections of which every ordered pair of domains is run.")
    seeds: int = Field(1, ge=1, le=10_000, description="Seeds of every pair, from first_seed on.")
    first_seed: int = Field(0, ge=0, description="The first seed.")
    shots: int = Field(0, ge=0, description="Labelled target examples of each class.")
    source_size: int | None = Field(None, ge=1, description="Sample of labelled source examples.")
    unlabelled: str | None = Field(None, description="Other unlabelled target examples to adapt to.")
    target_labels: TargetLabels = Field(
        "auto", description="Whether the target's labels are scored by: where there are any, never, or as required."
    )
    split: str = Field("test", description="The target's split that is scored.")
    settings: dict[str, Scalar | dict[str, Scalar]] = Field(
        default_factory=dict, description="Settings of all methods, or by method."
    )
    columns: dict[str, str] = Field(
        default_factory=dict, description="Columns of tables given as paths: of text, label and id."
    )
    grid: dict[str, tuple[Scalar, ...]] = Field(default_factory=dict, description="Settings with several values.")

    @field_validator("pairs")
    @classmethod
    def _pairs_have_two_sides(cls, pairs: tuple[str, ...]) -> tuple[str, ...]:
        for pair in pairs:
            source, target = _sides(pair)
            if not source or not target:
                raise ValueError(f"'{pair}' is not SOURCE:TARGET")
        return pairs

    def cells(self, domains: Mapping[str, tuple[str, ...]]) -> list[Cell]:
        """Every cell, pair by pair, then method, grid and seed.

        Parameters
        ----------
        domains : mapping
            The full names of the domains of each collection that the plan names.
        """
        cells = [
            Cell(self._specification(method, sources, target, settings, seed))
            for sources, target in self._pairs(domains)
            for method in self.methods
            for settings in self._settings_of(method)
            for seed in range(self.first_seed, self.first_seed + self.seeds)
        ]
        if not cells:
            raise UsageError("the bench has no pairs; give --pairs SOURCE:TARGET or --collection NAME")
        return list({cell.key: cell for cell in cells}.values())

    def _pairs(self, domains: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], str]]:
        for pair in self.pairs:
            source, target = _sides(pair)
            yield tuple(source.split("+")), target
        for collection in self.collections:
            for source, target in itertools.permutations(domains[collection], 2):
                yield (source,), target

    def _settings_of(self, method: str) -> Iterator[dict[str, Scalar]]:
        shared = {name: value for name, value in self.settings.items() if not isinstance(value, dict)}
        own = self.settings.get(method, {})
        for values in itertools.product(*self.grid.values()):
            yield {**shared, **(own if isinstance(own, dict) else {}), **dict(zip(self.grid, values, strict=True))}

    def _specification(
        self, method: str, sources: tuple[str, ...], target: str, settings: dict[str, Scalar], seed: int
    ) -> Specification:
        return Specification(
            method,
            sources,
            target,
            settings,
            seed=seed,
            split=self.split,
            shots=self.shots,
            source_size=self.source_size,
            unlabelled=self.unlabelled,
            target_labels=self.target_labels,
            columns=self.columns,
        )

    @property
    def digest(self) -> str:
        return digest_of(json.loads(self.model_dump_json()))


def _sides(pair: str) -> tuple[str, str]:
    """Source and target of a pair: at ``::`` where it has one, else at the last colon."""
    source, _, target = pair.rpartition("::" if "::" in pair else ":")
    return source, target


def read(path: Path) -> Plan:
    """A plan from a TOML file; raises :class:`DataError` naming the line and the key at fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error}); give a TOML file") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: not a TOML file: {error}") from None
    try:
        return Plan.parse(values)
    except UsageError as error:
        raise DataError(f"{path}{_line_of(text, str(error))}: {error}") from None


def _line_of(text: str, message: str) -> str:
    """``, line n`` for the key that a message names in quotes."""
    named = re.search(r"'([^']+)'", message)
    key = named.group(1).partition(".")[0] if named else ""
    for number, line in enumerate(text.split("\n"), 1):
        if key and re.match(rf"\s*\[?\s*\"?{re.escape(key)}\b", line):
            return f", line {number}"
    return ""
