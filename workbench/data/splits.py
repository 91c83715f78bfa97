"""Which split a file or folder is by its name: ``en-train.conllu``, ``test/cat/1.png``."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

SPLITS = ("train", "unlabelled", "dev", "test")

NAMES: Mapping[str, str] = {
    "train": "train",
    "training": "train",
    "unlabelled": "unlabelled",
    "unlabeled": "unlabelled",
    "unsupervised": "unlabelled",
    "dev": "dev",
    "development": "dev",
    "val": "dev",
    "valid": "dev",
    "validation": "dev",
    "test": "test",
    "testing": "test",
}
"""What files, folders and libraries call a split, as ours."""


def by_folder(files: Sequence[Path]) -> dict[Path, str]:
    """The splits of the uppermost folders that the files lie in; empty where these are no splits.

    They are splits where every one has a split's name, or where two different splits are among them: a class may be
    called ``train``.
    """
    top = Path(os.path.commonpath([file.parent for file in files]))
    folders = {top / file.relative_to(top).parts[0] for file in files if file.parent != top}
    named = {folder: NAMES[folder.name.lower()] for folder in folders if folder.name.lower() in NAMES}
    if len(named) == len(folders) or len(set(named.values())) > 1:
        return named
    held = {folder: split_in(folder.name) for folder in folders}
    return held if all(held.values()) and len(set(held.values())) > 1 else {}


def by_name(files: Sequence[Path], more: Mapping[str, str]) -> dict[str, list[Path]]:
    """The files by the split in their names, ours or ``more``'s; those that name none are in no list."""
    files_of: dict[str, list[Path]] = {}
    for file in files:
        split = split_in(file.stem, more)
        if split:
            files_of.setdefault(split, []).append(file)
    return files_of


def split_in(name: str, more: Mapping[str, str] | None = None) -> str:
    """The split that a name holds as a word of its own: ``x_train2`` does, ``latest`` does not; empty for none."""
    for word, split in {**NAMES, **(more or {})}.items():
        if re.search(rf"(?<![a-z]){word}(set|data)?(?![a-z])", name.lower()):
            return split
    return ""
