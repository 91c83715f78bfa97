"""Data sets of Hugging Face's library, wherever a data set is named: ``hf:OWNER/NAME``, or ``hf:FOLDER``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import ReaderEntry
    from workbench.plugins.registry import Registrar


@hookimpl
def wb_register_readers(register: Registrar[ReaderEntry]) -> None:
    register(
        "hf",
        "wb_huggingface.opener:HuggingFace",
        opens=True,
        extra="text",
        summary="data sets of Hugging Face's library, saved to disk or by name",
    )
