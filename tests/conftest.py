"""Real data comes from a mirror; everything else is what plugins' tests use too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.cli import call

pytest_plugins = ["workbench.testing.fixtures"]


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The folder of real data; a test that needs it is skipped where there is none."""
    place = os.environ.get("WB_MIRROR", "")
    if not place or not Path(place).is_dir():
        pytest.skip("WB_MIRROR names no folder with real data")
    return Path(place)


@pytest.fixture(scope="session")
def real_data(mirror, tmp_path_factory) -> Path:
    """A data folder with the real WSJ sample and GENIA, got from the mirror."""
    folder = tmp_path_factory.mktemp("real")
    patch = pytest.MonkeyPatch()
    patch.setenv("WB_DATA", str(folder))
    try:
        assert call(["data", "get", "wsj", "medline", "amazon-reviews", "--from", str(mirror)]) == 0
    finally:
        patch.undo()
    return folder
