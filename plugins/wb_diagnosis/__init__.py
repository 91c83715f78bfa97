"""What can be known of a pair of domains before adapting: checks, `wb diagnose`; and `wb auto`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import CheckEntry, CommandEntry
    from workbench.plugins.registry import Registrar


@hookimpl
def wb_register_checks(register: Registrar[CheckEntry]) -> None:
    checks = "wb_diagnosis.checks"
    register("domains-apart", f"{checks}.apart:DomainsApart", summary="how well the two domains are told apart")
    register("differences", f"{checks}.differences:Differences", summary="the features by which they differ")
    register("class-shares", f"{checks}.class_shares:ClassShares", summary="estimated class shares of the target")
    register("counterparts", f"{checks}.counterparts:Counterparts", summary="classes of one domain alone")
    register("vocabulary", f"{checks}.vocabulary:Vocabulary", summary="words that the source does not know")
    register("duplicates", f"{checks}.duplicates:Duplicates", summary="examples that are in both domains")
    register("form", f"{checks}.form:Form", summary="scale, resolution, encoding and language")
    register("power", f"{checks}.power:Power", summary="the smallest difference that so many examples show")
    register(
        "source-only-accuracy", f"{checks}.accuracy:SourceOnlyAccuracy", summary="estimated accuracy of source-only"
    )
    register("families", f"{checks}.families:Families", summary="families of methods that suit the pair")
    register("conditional-shift", f"{checks}.conditional:ConditionalShift", summary="what unlabelled data cannot show")


@hookimpl
def wb_register_commands(register: Registrar[CommandEntry]) -> None:
    register("auto", "wb_diagnosis.automatic.commands:auto", summary="Find a model for an unlabelled target.")
    register("diagnose", "wb_diagnosis.commands:diagnose", summary="Check a pair of domains before adapting.")
