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
