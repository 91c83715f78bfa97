"""Every hook is documented, in use, and typed."""

import inspect
from pathlib import Path

import pytest

from workbench import load
from workbench.plugins import hookspecs
from workbench.plugins.loading import HOOKS

DOCS = Path(__file__).parents[3] / "docs" / "plugins.md"


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_documented_and_used(name):
    hook = getattr(hookspecs, name)
    assert len((inspect.getdoc(hook) or "").split()) > 12
    assert f"### `{name}(register)`" in DOCS.read_text(encoding="utf-8")
    assert list(inspect.signature(hook).parameters) == ["register"]
    assert any(name in plugin.hooks for plugin in load().plugins)


def test_the_host_knows_every_specified_hook():
    specified = {name for name in vars(hookspecs) if name.startswith("wb_")}
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
