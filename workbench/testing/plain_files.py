"""Models live in files that need no unpickling."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from workbench.testing.checking import Failed

PLAIN = {".npz", ".npy", ".json", ".jsonl", ".skops", ".safetensors", ".txt", ".toml", ".csv", ".tsv", ".model"}


def check_plain(folder: Path) -> None:
    """Raises :class:`Failed` for a file below ``folder`` of another kind, or that holds a pickle."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (path.suffix not in PLAIN or is_pickle(path)):
            raise Failed(f"{path.name} is not npz, JSON, safetensors or skops; a model must need no unpickling")


def is_pickle(path: Path) -> bool:
    """Whether a file, or an array in it, begins as a pickle does."""
    if path.suffix in (".npz", ".npy"):
        try:
            loaded = np.load(path, allow_pickle=False)
            if hasattr(loaded, "files"):
                for name in loaded.files:
                    loaded[name]
        except ValueError:
            return True
        return False
    with path.open("rb") as stream:
        head = stream.read(9)
    if path.suffix == ".safetensors":  # a length in 8 bytes, which may begin like a pickle, then JSON
        return head[8:] != b"{"
    return head[:1] == b"\x80" and len(head) > 1 and head[1] <= 5
