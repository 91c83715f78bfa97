"""``hf:``: data sets of Hugging Face's library ``datasets``, saved to disk, as a folder of files, or by name.

A run never asks the network: a data set of the Hub is brought once by ``wb data get hf:OWNER/NAME``, which saves it
below ``WB_DATA``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from wb_huggingface.columns import Columns, ColumnSettings, rows_where
from workbench import environment
from workbench.data import archives
from workbench.data.corpus import Corpus
from workbench.data.openers import Opener
from workbench.data.readers import Examples
from workbench.data.splits import NAMES, SPLITS
from workbench.errors import DataError, NotInstalled, UsageError, WbError
from workbench.files import new_folder
from workbench.plugins.entries import missing_extra

ON_THE_HUB = re.compile(r"[\w.-]+(/[\w.-]+)?")

MARKERS = ("dataset_dict.json", "state.json")
"""Files of a folder that ``save_to_disk`` wrote."""

MOST_DIGESTS = 50

SECONDS = 10
"""How long the Hub has to answer at all, before its library's own patient retries begin."""


class HuggingFace(Opener):
    """Text classification, tagging, images or vectors, by the types of the columns."""

    columns: ClassVar[Mapping[str, str]] = {"text": "input", "label": "label"}

    class Params(ColumnSettings):
        """Settings."""

        split: str = Field("", description="The one split to use for everything; by default train, test and so on.")
        where: str = Field("", description="COLUMN:VALUE of the rows to use, e.g. domain:Art; by default all.")
        config: str = Field("", description="Configuration of a data set of the Hub, where it has several.")
        revision: str = Field("", description="Commit or tag of a data set of the Hub.")

    def open(self, reference: str, task: str | None) -> Corpus:
        folder = self._folder(reference)
        parts = {
            split: rows_where(f"hf:{reference}", part, self.params.where) if self.params.where else part
            for split, part in self._splits(reference, _load(folder)).items()
        }
        first = next(iter(parts.values()))
        columns = Columns.choose(f"hf:{reference}", first.features, self.params, task)

        def read(split: str, labelled: bool) -> Examples:
            return columns.read(parts[split], labelled)

        one_pool = len(parts) == 1
        if one_pool:
            parts = dict.fromkeys(SPLITS, first)
        return Corpus(
            name=Path(reference.rstrip("/")).name,
            task=columns.task,
            edition=f"hf:{reference}" + (f" where {self.params.where}" if self.params.where else ""),
            splits=tuple(parts),
            read=read,
            title=f"Hugging Face data set {reference}",
            digests=_digests(folder),
            one_pool=one_pool,
        )

    def get(self, reference: str) -> str:
        if _is_path(reference):
            raise UsageError(f"'{reference}' is on this machine already; give it to --src or --tgt as hf:{reference}")
        place = self._place(reference)
        if place.exists():
            return f"hf:{reference}: already there, in {place}"
        downloaded = self._download(reference)
        with new_folder(place) as fresh, _quiet(_library()):
            downloaded.save_to_disk(str(fresh))
        sizes = ", ".join(f"{name} {len(part):,}" for name, part in downloaded.items())
        licence = next((part.info.license for part in downloaded.values() if part.info.license), "")
        return f"hf:{reference}: {sizes}; licence: {licence or 'see its page'}; in {place}"

    def _folder(self, reference: str) -> Path:
        """Where the data set lies; raises :class:`NotInstalled` or :class:`DataError` where it does not."""
        if _is_path(reference):
            path = Path(reference).expanduser()
            if not path.exists():
                raise DataError(f"{path}: no such folder; give what save_to_disk wrote, or OWNER/NAME on the Hub")
            if not path.is_dir():
                raise DataError(f"{path}: a file, but hf: takes folders; give the file's path without hf:")
            return path
        place = self._place(reference)
        if not place.exists():
            query = "&".join(f"{name}={value}" for name, value in self._choices().items())
            full = f"hf:{reference}?{query}" if query else f"hf:{reference}"
            raise NotInstalled(f"'{full}' is not on this machine; run: wb data get '{full}'")
        return place

    def _choices(self) -> dict[str, str]:
        """The settings that decide which data set of the Hub is meant, where they are given."""
        return {name: value for name in ("config", "revision") if (value := getattr(self.params, name))}

    def _place(self, reference: str) -> Path:
        """The folder below ``WB_DATA`` of a data set of the Hub."""
        if not ON_THE_HUB.fullmatch(reference) or ".." in reference:
            raise UsageError(f"'hf:{reference}' is neither a folder nor OWNER/NAME of a data set of the Hub")
        leaf = "@".join(re.sub(r"[^\w.-]", "-", value) for value in self._choices().values()) or "default"
        return environment.data_folder() / "hf" / reference / leaf

    def _splits(self, reference: str, found: Any) -> dict[str, Any]:
        """The library's splits by our names: at least one."""
        wanted = self.params.split
        named: Mapping[str, Any] = found if isinstance(found, dict) else {"train": found}
        if wanted:
            if wanted not in named or named is not found:
                there = f"there are: {', '.join(named)}" if named is found else "it is one table; leave ?split= out"
                raise UsageError(f"hf:{reference}: no split '{wanted}', {there}")
            return {"train": named[wanted]}
        known = {NAMES[name]: part for name, part in named.items() if name in NAMES}
        if not known and len(named) == 1:
            known = {"train": next(iter(named.values()))}
        if not known:
            raise UsageError(f"hf:{reference}: splits {', '.join(named)}; choose one with hf:{reference}?split=NAME")
        return known

    def _download(self, reference: str) -> Any:
        """Every split by the Hub's name, as the library's dictionary of them; raises :class:`WbError` in one line."""
        library = _library()
        advice = "check the name and the network, or copy a folder that save_to_disk wrote and give hf:FOLDER"
        try:
            _reach(library.config.HF_ENDPOINT)
            with _quiet(library):
                dataset = library.load_dataset(reference, self.params.config or None, revision=self._revision())
        except (OSError, ValueError, RuntimeError) as error:
            raise WbError(f"hf:{reference} could not be had: {_first_line(error)}; {advice}") from None
        return dataset

    def _revision(self) -> str | None:
        return self.params.revision or None


def _is_path(reference: str) -> bool:
    """Whether a reference means a folder rather than a name on the Hub."""
    return reference.startswith((".", "/", "~")) or Path(reference).exists() or reference.count("/") > 1


def _library() -> Any:
    try:
        import datasets
    except ModuleNotFoundError as error:
        raise missing_extra("'hf:'", error.name or "datasets", "text") from None
    return datasets


def _load(folder: Path) -> Any:
    """The data set of a folder: what ``save_to_disk`` wrote, or files that the library recognises."""
    library = _library()
    saved = any((folder / marker).is_file() for marker in MARKERS)
    try:
        with _quiet(library):
            return library.load_from_disk(str(folder)) if saved else library.load_dataset(str(folder))
    except Exception as error:  # damaged folders raise kinds of several libraries
        raise DataError(
            f"{folder}: not a data set of the library 'datasets' ({_first_line(error)}); give a folder that "
            "save_to_disk wrote, or one of Parquet, CSV or JSON lines files"
        ) from None


@contextmanager
def _quiet(library: Any) -> Iterator[None]:
    """No progress bars and no warnings of the library: the command line owns the terminal."""
    import logging

    loggers = [logging.getLogger(name) for name in ("datasets", "huggingface_hub")]
    levels = [logger.level for logger in loggers]
    bars = library.utils.logging.is_progress_bar_enabled()
    library.disable_progress_bars()
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if bars:
            library.enable_progress_bars()


def _reach(address: str) -> None:
    """Raise :class:`ConnectionError` at once where the Hub does not answer: its library would try for minutes."""
    import requests

    try:
        requests.head(address, timeout=SECONDS)
    except requests.RequestException as error:
        raise ConnectionError(f"{address} does not answer ({type(error).__name__})") from None


def _digests(folder: Path) -> dict[str, str]:
    """sha256 of each file, or the number of files where there are many."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if len(files) > MOST_DIGESTS:
        return {"files": f"{len(files)} files"}
    return {str(path.relative_to(folder)): archives.file_digest(path) for path in files}


def _first_line(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")[:200]
