"""What the host itself registers, through the same door as everybody: its commands, and processes to run benches in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import CommandEntry, ExecutorEntry
    from workbench.plugins.registry import Registrar

COMMANDS = (
    ("run", "Adapt a model from a source to a target domain."),
    ("bench", "Run many methods on many pairs and rank them."),
    ("predict", "Predict new text or files with the model of a run."),
    ("methods", "What there is to run, and where it stands in the field."),
    ("data", "List, get, verify and add data sets."),
    ("runs", "List, show, compare, draw, export and remove the records of runs."),
    ("plugins", "List, install, write and check plugins."),
    ("doctor", "What is installed, and what is broken."),
    ("completion", "Shell completion for bash, zsh and fish."),
)
"""In the order of the help."""


@hookimpl
def wb_register_commands(register: Registrar[CommandEntry]) -> None:
    for name, summary in COMMANDS:
        register(name, f"workbench.cli.{name}:{name}", summary=summary)


@hookimpl
def wb_register_executors(register: Registrar[ExecutorEntry]) -> None:
    register("processes", "workbench.benching.executors:new_processes", summary="processes of this machine")
