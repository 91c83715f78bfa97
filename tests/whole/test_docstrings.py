"""Every method of ours says where it departs from its paper, in one format."""

import inspect
import re

import pytest

from workbench import load

HOST = load()

OURS = {plugin.name for plugin in HOST.plugins if plugin.first_party}

METHODS = [entry for entry in HOST.methods if entry.plugin in OURS and not entry.family.startswith("baseline")]

SECTION = re.compile(r"^Differs from the paper\n-{22}\n(?=\S)", re.M)
"""A section of numpydoc; ``Nothing.`` is a good entry."""


@pytest.mark.parametrize("entry", METHODS, ids=lambda entry: f"{entry.name}-{entry.place}")
def test_every_method_says_how_it_differs_from_its_paper(entry):
    """Of the class itself: what a base class says is said of another method."""
    text = inspect.cleandoc(entry.load().__doc__ or "")
    assert SECTION.search(text), f"{entry.factory}: no section 'Differs from the paper' with text"


@pytest.mark.parametrize(
    "entry",
    [entry for entry in METHODS if entry.plugin in ("wb_distribution", "wb_instance", "wb_scl", "wb_subspace")],
    ids=lambda entry: f"{entry.name}-{entry.place}",
)
def test_a_classical_method_names_its_references_after_the_differences(entry):
    section = SECTION.split(inspect.cleandoc(entry.load().__doc__ or ""))[1]
    assert section.split("\n\n")[0].strip().endswith(".")
    assert "References\n----------\n" in section
