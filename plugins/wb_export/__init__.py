"""Records for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import ExporterEntry
    from workbench.plugins.registry import Registrar


@hookimpl
def wb_register_exporters(register: Registrar[ExporterEntry]) -> None:
    register("csv", "wb_export.tables:Tables", summary="predictions.csv, a line for each label, for a spreadsheet")
