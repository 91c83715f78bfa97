"""``wb doctor`` tells of every extra, wb's and the plugins', what it lacks."""

import importlib.metadata
import json
import sys

import pytest

from workbench import environment


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Make a distribution count as installed: its name and the lines of its metadata."""

    def install(name: str, *lines: str, version: str = "1.0", points: str = "") -> None:
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (folder / "METADATA").write_text(head + "".join(f"{line}\n" for line in lines))
        if points:
            (folder / "entry_points.txt").write_text(points)

    monkeypatch.syspath_prepend(tmp_path)
    yield install
    importlib.invalidate_caches()


def test_every_extra_of_the_distribution_is_told(wb):
    code, out, _ = wb("doctor", "--json")
    assert code == 0
    declared = importlib.metadata.distribution("adaptation-workbench").metadata.get_all("Provides-Extra")
    assert set(json.loads(out)["extras"]["adaptation-workbench"]) == set(declared) >= {"deep", "tables", "relations"}


def test_missing_outdated_and_nested_requirements(installed):
    installed("there-already", version="1.4")
    installed(
        "some-plugin",
        "Provides-Extra: graph",
        "Provides-Extra: old",
        "Provides-Extra: all",
        "Requires-Dist: is-always-needed-and-absent",
        'Requires-Dist: no-such-package>=2; extra == "graph"',
        'Requires-Dist: there-already>=1; extra == "graph"',
        'Requires-Dist: for-a-past-python; python_version < "3" and extra == "graph"',
        'Requires-Dist: there_already>=2; extra == "old"',
        'Requires-Dist: Some.Plugin[graph,old]; extra == "all"',
    )
    graph, old = ["no-such-package>=2"], ["there_already>=2 (installed: 1.4)"]
    assert environment.extras("some-plugin") == {"all": [*graph, *old], "graph": graph, "old": old}
    assert environment.extras("not-installed-at-all") == {}


def test_a_plugins_distribution_is_named_in_the_advice(wb, installed, tmp_path):
    (tmp_path / "wb_drawn.py").write_text("")
    installed(
        "wb-drawn",
        "Provides-Extra: graph",
        'Requires-Dist: no-such-package; extra == "graph"',
        points="[workbench]\nwb_drawn = wb_drawn\n",
    )
    try:
        code, out, _ = wb("doctor")
    finally:
        sys.modules.pop("wb_drawn", None)
    assert code == 0
    assert "graph                  missing no-such-package; run: pip install 'wb-drawn[graph]'" in out
