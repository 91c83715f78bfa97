"""Find, load and isolate plugins.

A plugin is a module named by an entry point of the group ``workbench``. One that fails, at import, by an unknown
hook or inside a hook, is left out whole and remembered with its reason. Nothing is kept between two calls of
:func:`load`: who has a :class:`Host` hands it on.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import ModuleType

import pluggy

from workbench import environment
from workbench.errors import WbError, reason
from workbench.plugins import hookspecs, preferences
from workbench.plugins.hookspecs import GROUP
from workbench.plugins.isolation import user_interrupts
from workbench.plugins.registry import Clash, Registrar, Registries

HOOKS = {f"wb_register_{attribute}": attribute for attribute in vars(Registries())}
"""Every hook and the attribute of :class:`Registries` that it fills, in the order in which they fire."""


@dataclass
class Plugin:
    """One plugin: where it comes from and, if it is broken, why."""

    name: str
    distribution: str = ""
    version: str = ""
    problem: str = ""
    disabled: bool = False
    """Whether the user switched it off (``wb plugins disable``); it is then not even imported."""
    hooks: tuple[str, ...] = ()
    module: ModuleType | None = field(default=None, repr=False)

    @property
    def broken(self) -> bool:
        return bool(self.problem)

    @property
    def first_party(self) -> bool:
        return self.distribution == environment.NAME


class Host:
    """The registries and the plugins that filled them."""

    def __init__(self, plugins: Iterable[Plugin], registries: Registries) -> None:
        self.plugins = list(plugins)
        self.registries = registries
        self.tasks = registries.tasks
        self.readers = registries.readers
        self.corpora = registries.corpora
        self.featurizers = registries.featurizers
        self.classifiers = registries.classifiers
        self.methods = registries.methods
        self.evaluators = registries.evaluators
        self.selectors = registries.selectors
        self.estimators = registries.estimators
        self.checks = registries.checks
        self.figures = registries.figures
        self.exporters = registries.exporters
        self.executors = registries.executors
        self.observers = registries.observers
        self.commands = registries.commands

    @property
    def broken(self) -> list[Plugin]:
        return [plugin for plugin in self.plugins if plugin.broken]

    @property
    def clashes(self) -> list[Clash]:
        """Names that two plugins registered: the first has the name, the other ``plugin:name``."""
        return self.registries.clashes()


def load(modules: Iterable[ModuleType] | None = None, *, alone: bool = False) -> Host:
    """Load plugins and fill the registries.

    Never raises for a plugin's fault: look at :attr:`Host.broken`.

    Parameters
    ----------
    modules : iterable of modules, optional
        These beside the first-party plugins, e.g. a plugin that is being written; every installed plugin by default.
    alone : bool
        Only ``modules``, without the first-party plugins.
    """
    given = [Plugin(module.__name__, module=module) for module in modules or ()]
    plugins = [] if alone else discover(strangers=modules is None)
    plugins += [plugin for plugin in given if plugin.name not in {other.name for other in plugins}]
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    registries = Registries()
    for plugin in plugins:
        if plugin.module is not None:
            _add(manager, plugin)
    for hook, attribute in HOOKS.items():
        for plugin in plugins:
            if plugin.broken or hook not in plugin.hooks:
                continue
            registrar = Registrar(getattr(registries, attribute), plugin.name, plugin.distribution)
            others = [module for module in manager.get_plugins() if module is not plugin.module]
            try:
                with user_interrupts():
                    manager.subset_hook_caller(hook, others)(register=registrar)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                plugin.problem = f"{hook}: {reason(error)}"
                registries.remove_plugin(plugin.name)
    return Host(plugins, registries)


def discover(strangers: bool = True) -> list[Plugin]:
    """Import the modules of the entry points, first-party ones first so that nobody displaces them."""
    disabled = _disabled()
    plugins = []
    known: dict[
        importlib.metadata.Distribution, tuple[str, str]
    ] = {}  # each reading of its metadata takes milliseconds
    for point in importlib.metadata.entry_points(group=GROUP):
        plugin = Plugin(point.name, disabled=point.name in disabled)
        if point.dist is not None:
            if point.dist not in known:
                metadata = point.dist.metadata
                known[point.dist] = (metadata["Name"], metadata["Version"])
            plugin.distribution, plugin.version = known[point.dist]
        if not strangers and not plugin.first_party:
            continue
        if not plugin.disabled:
            _import(plugin, point)
        plugins.append(plugin)
    return sorted(plugins, key=lambda p: (not p.first_party, p.name))


def _import(plugin: Plugin, point: importlib.metadata.EntryPoint) -> None:
    try:
        with user_interrupts():
            module = point.load()
        if not isinstance(module, ModuleType):
            raise TypeError(f"the entry point must name a module, not {point.value!r}")
        plugin.module = module
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        plugin.problem = f"import: {reason(error)}"


def _disabled() -> tuple[str, ...]:
    """The names of plugins that the user switched off; none where the file is damaged, which its own commands tell."""
    try:
        return preferences.read().disabled
    except WbError:
        return ()


def _add(manager: pluggy.PluginManager, plugin: Plugin) -> None:
    """Register the module with pluggy, which checks its hooks against the specifications."""
    try:
        manager.register(plugin.module, plugin.name)
        implemented = [caller.name for caller in manager.get_hookcallers(plugin.module) or ()]
        unknown = [name for name in implemented if name not in HOOKS]
        if unknown:
            raise ValueError(f"there is no hook '{unknown[0]}'")
        plugin.hooks = tuple(implemented)
    except Exception as error:
        plugin.problem = f"hooks: {reason(error)}"
        if manager.get_plugin(plugin.name) is plugin.module:
            manager.unregister(name=plugin.name)
