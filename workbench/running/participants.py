"""Which plugins took part in a run, with their versions: a record says whose code made it."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.plugins.entries import Entry, MethodEntry
from workbench.plugins.loading import Host
from workbench.running.outcome import PluginVersion


def participants(host: Host, entries: Iterable[Entry]) -> tuple[PluginVersion, ...]:
    """The plugins behind ``entries``, each once, in the order of their names."""
    names = {entry.plugin for entry in entries}
    return tuple(
        PluginVersion(name=plugin.name, distribution=plugin.distribution, version=plugin.version)
        for plugin in sorted(host.plugins, key=lambda plugin: plugin.name)
        if plugin.name in names
    )


def participants_of(host: Host, method: str, settings: dict[str, object]) -> tuple[PluginVersion, ...]:
    """The plugins that would take part in a run of a method by name, whichever of its entries runs."""
    entries = [entry for variant in host.methods.find(method) for entry in entries_behind(host, variant)]
    return participants(host, [*entries, *named_in(host, settings)])


def entries_behind(host: Host, method: MethodEntry) -> list[Entry]:
    """What a run of a method takes from the registries: its task, baseline, companions and evaluators."""
    others = [method.baseline, *method.companions]
    return [
        method,
        host.tasks.get(method.task),
        *(host.methods.get(name, method.task) for name in others if name),
        *host.evaluators.for_task(method.task),
    ]


def named_in(host: Host, settings: dict[str, object]) -> list[Entry]:
    """The featurizers, classifiers and selectors that settings name."""
    values = [value for value in settings.values() if isinstance(value, str)]
    named = [
        (registry, registry.split(value)[0])
        for registry in (host.featurizers, host.classifiers, host.selectors)
        for value in values
    ]
    return [registry.get(name) for registry, name in named if name]
