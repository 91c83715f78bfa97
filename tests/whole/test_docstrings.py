"""Every classical method says in one place, in one format, how it differs from its paper."""

import inspect

import pytest

from workbench.plugins.loading import load

SECTION = "Differs from the paper\n----------------------\n"
PLUGINS = ("wb_distribution", "wb_instance", "wb_scl", "wb_subspace")
METHODS = [entry for entry in load().methods if entry.plugin in PLUGINS]


@pytest.mark.parametrize("entry", METHODS, ids=lambda entry: f"{entry.name}-{entry.task}")
def test_a_method_says_how_it_differs_from_its_paper(entry):
    own = inspect.cleandoc(entry.load().__doc__ or "")
    assert SECTION in own
    said = own.partition(SECTION)[2]
    assert said.split("\n\n")[0].strip().endswith(".")
    assert "References\n----------\n" in said  # which follows the differences
