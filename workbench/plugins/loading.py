"""Find, load and isolate plugins.

A plugin is a module named by an entry point of the group ``workbench``. One that fails, at import, by an unknown
hook, by a name that is taken or inside a hook, is left out whole and remembered with its reason.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pluggy

from workbench.plugins import hookspecs, registry
from workbench.plugins.hookspecs import GROUP
from workbench.plugins.registry import Registrar, Registries

HOOKS: dict[str, tuple[str, type[Any]]] = {
    "wb_register_tasks": ("tasks", registry.TaskEntry),
    "wb_register_readers": ("readers", registry.ReaderEntry),
    "wb_register_corpora": ("corpora", registry.CorpusEntry),
    "wb_register_featurizers": ("featurizers", registry.FeaturizerEntry),
    "wb_register_classifiers": ("classifiers", registry.ClassifierEntry),
    "wb_register_methods": ("methods", registry.MethodEntry),
    "wb_register_evaluators": ("evaluators", registry.EvaluatorEntry),
    "wb_register_selectors": ("selectors", registry.SelectorEntry),
    "wb_register_figures": ("figures", registry.FigureEntry),
    "wb_register_commands": ("commands", registry.CommandEntry),
}


@dataclass
class Plugin:
    """One plugin: where it comes from and, if it is broken, why."""

    name: str
    distribution: str = ""
    version: str = ""
    problem: str = ""
    hooks: tuple[str, ...] = ()
    module: ModuleType | None = field(default=None, repr=False)

    @property
    def broken(self) -> bool:
        return bool(self.problem)


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
        self.figures = registries.figures
        self.commands = registries.commands

    @property
    def broken(self) -> list[Plugin]:
        return [plugin for plugin in self.plugins if plugin.broken]


def load(modules: Iterable[ModuleType] | None = None) -> Host:
    """Load every installed plugin, or just ``modules``, and fill the registries.

    Never raises for a plugin's fault: look at :attr:`Host.broken`.
    """
    found = list(discover() if modules is None else (Plugin(m.__name__, module=m) for m in modules))
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    registries = Registries()
    for plugin in found:
        if plugin.module is not None:
            _add(manager, plugin)
    for hook, (attribute, entry_type) in HOOKS.items():
        target = getattr(registries, attribute)
        for plugin in found:
            if plugin.broken or hook not in plugin.hooks:
                continue
            registrar = Registrar(target, entry_type, plugin.name)
            others = [module for module in manager.get_plugins() if module is not plugin.module]
            try:
                manager.subset_hook_caller(hook, others)(register=registrar)
            except Exception as error:
                plugin.problem = _reason(error, hook)
                registries.remove_plugin(plugin.name)
    return Host(found, registries)


def discover() -> list[Plugin]:
    """Import the modules of the entry points, first-party ones first so that nobody displaces them."""
    plugins = []
    for point in importlib.metadata.entry_points(group=GROUP):
        distribution = point.dist
        plugin = Plugin(point.name)
        if distribution is not None:
            plugin.distribution, plugin.version = distribution.name, distribution.version
        try:
            module = point.load()
            if not isinstance(module, ModuleType):
                raise TypeError(f"the entry point must name a module, not {point.value!r}")
            plugin.module = module
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            plugin.problem = _reason(error, "import")
        plugins.append(plugin)
    return sorted(plugins, key=lambda p: (p.distribution != "adaptation-workbench", p.name))


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
        plugin.problem = _reason(error, "hooks")
        plugin.hooks = ()
        if manager.has_plugin(plugin.name):
            manager.unregister(name=plugin.name)


def _reason(error: BaseException, where: str) -> str:
    """One line: what failed and where."""
    text = " ".join(str(error).split()) or type(error).__name__
    return f"{where}: {type(error).__name__}: {text}" if not isinstance(error, registry.Clash) else text
