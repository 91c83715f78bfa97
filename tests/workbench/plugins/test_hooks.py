"""Every hook is documented, typed, in use by a plugin of ours, and isolated."""

import inspect
from pathlib import Path
from types import ModuleType

import pytest

from workbench import hookimpl, load
from workbench.plugins import hookspecs
from workbench.plugins.loading import HOOKS

DOCS = Path(__file__).parents[3] / "docs" / "plugins.md"


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_documented_and_used(name, host):
    hook = getattr(hookspecs, name)
    text = DOCS.read_text(encoding="utf-8")
    assert len((inspect.getdoc(hook) or "").split()) > 12
    assert list(inspect.signature(hook).parameters) == ["register"]
    assert f"### `{name}(register)`" in text
    section = text.split(f"### `{name}(register)`")[1].split("\n### ")[0]
    assert "register(" in section, "an example of the call"
    users = [plugin.name for plugin in host.plugins if name in plugin.hooks]
    assert any(f"`{user}`" in section for user in users), f"one of its users, {users}"


def test_the_host_knows_every_specified_hook():
    specified = {name for name in vars(hookspecs) if name.startswith("wb_register")}
    assert specified == set(HOOKS)


@pytest.mark.parametrize("alias", ["dda", "dynamic-bda"])
def test_a_method_is_found_by_its_other_names(wb, alias):
    code, out, err = wb("methods", alias)
    assert code == 0, err
    assert out.startswith("bda (classification)")
    code, out, err = wb("run", alias, "--src", "shift/covariate-source", "--tgt", "shift/covariate-target", "--json")
    assert code == 0, err
    assert '"method": "bda"' in out and f'"{alias}"' not in out


def test_no_alias_is_another_methods_name_or_alias():
    methods = load().methods
    aliases = [alias for entry in methods for alias in entry.aliases]
    assert aliases and len(set(aliases)) == len(aliases)
    assert not set(aliases) & set(methods.names())


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_that_raises_leaves_its_plugin_out_whole_and_nobody_else(name):
    """It registers something in every other hook first, of which nothing may stay."""
    module = ModuleType("half_a_plugin")

    def registers(register):
        register("half", "half_a_plugin:nothing", **NEEDED.get(register._registry.kind, {}))

    def raises(register):
        registers(register)
        raise ValueError("half way")

    for hook in HOOKS:
        implementation = raises if hook == name else registers
        function = type(implementation)(implementation.__code__, globals(), hook, None, implementation.__closure__)
        setattr(module, hook, hookimpl(function))
    host = load([module], alone=True)
    assert [plugin.problem for plugin in host.plugins] == [f"{name}: ValueError: half way"]
    assert [len(registry) for registry in host.registries.all()] == [0] * len(HOOKS)


NEEDED = {
    "method": {"task": "t", "family": "f"},
    "data set": {"task": "t"},
    "evaluator": {"task": "t"},
    "featurizer": {"inputs": "texts"},
}
