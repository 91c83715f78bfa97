"""The conformance kit: checks that any plugin can run on itself, and that ours run too.

In a plugin's own tests one line is enough::

    from workbench.testing import assert_conforms

    def test_conforms():
        assert_conforms(plugin="my_plugin")
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.errors import UnknownName
from workbench.plugins.entries import Entry
from workbench.plugins.loading import Host, load
from workbench.testing import data, features, judges, outlets
from workbench.testing.checking import Check
from workbench.testing.methods import check_method
from workbench.testing.package import check_package

CHECKS: dict[str, Callable[[Any, Host], list[Check]]] = {
    "task": data.check_task,
    "reader": data.check_reader,
    "data set": data.check_corpus,
    "featurizer": features.check_featurizer,
    "classifier": features.check_classifier,
    "method": check_method,
    "evaluator": judges.check_evaluator,
    "selector": judges.check_selector,
    "estimator": judges.check_estimator,
    "check": judges.check_pair_check,
    "figure": outlets.check_figure,
    "exporter": outlets.check_exporter,
    "executor": outlets.check_executor,
    "observer": outlets.check_observer,
    "command": outlets.check_command,
}
"""What checks a thing of each kind."""


def assert_conforms(name: str = "", host: Host | None = None, *, plugin: str = "") -> None:
    """Raise ``AssertionError`` with every failed check.

    Parameters
    ----------
    name : str
        A method, over all its tasks; ``plugin:name`` where two plugins have it. Give this or ``plugin``.
    host : Host, optional
        All installed plugins by default.
    plugin : str
        A plugin: everything that it registers is checked, whatever names it shares with others.
    """
    host = host or load()
    if bool(name) == bool(plugin):
        raise TypeError("give the name of a method, or plugin='…'")
    if plugin:
        checks = check_plugin(plugin, host)
    else:
        checks = [check for entry in host.methods.find(name) for check in check_method(entry, host)]
    failures = [f"{check.subject}, {check.name}: {check.detail}" for check in checks if not check.passed]
    if failures:
        raise AssertionError("\n".join(failures))


def check_plugin(name: str, host: Host) -> list[Check]:
    """Every check of everything that the plugin registers, and of its package.

    Raises :class:`UnknownName` where no such plugin is installed.
    """
    plugin = next((plugin for plugin in host.plugins if plugin.name == name), None)
    if plugin is None:
        raise UnknownName("plugin", name, [other.name for other in host.plugins], hint="see 'wb plugins list'")
    if plugin.broken or plugin.module is None:
        return [Check(name, "loads", False, plugin.problem or "it is disabled")]
    checks = check_package(plugin.module.__name__)
    entries: list[Entry] = [entry for registry in host.registries.all() for entry in registry if entry.plugin == name]
    if not entries:
        checks.append(Check(name, "registers something", False, "none of its hooks registers anything"))
    return [*checks, *(check for entry in entries for check in check_entry(entry, host))]


def check_entry(entry: Entry, host: Host) -> list[Check]:
    """Every check of one registered thing."""
    return CHECKS[entry.kind](entry, host)
