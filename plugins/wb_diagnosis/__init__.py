"""What can be known of a pair of domains before adapting: checks, `wb diagnose`; and `wb auto`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import CheckEntry, CommandEntry
    from workbench.plugins.registry import Registrar


@hookimpl
def wb_register_checks(register: Registrar[CheckEntry]) -> None:
    register("domains-apart", "wb_diagnosis.apart:DomainsApart", summary="how well the two domains are told apart")


@hookimpl
def wb_register_commands(register: Registrar[CommandEntry]) -> None:
    register("auto", "wb_diagnosis.automatic.commands:auto", summary="Find a model for an unlabelled target.")
    register("diagnose", "wb_diagnosis.commands:diagnose", summary="Check a pair of domains before adapting.")
