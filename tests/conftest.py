"""Every test keeps its records and data in a folder of its own; real data comes from a mirror."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.cli import call


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("wb")
    monkeypatch.setenv("WB_RUNS", str(folder / "runs"))
    if "WB_KEEP_DATA" not in os.environ:
        monkeypatch.setenv("WB_DATA", str(folder / "data"))
    monkeypatch.delenv("WB_MIRROR", raising=False)


@pytest.fixture
def wb(capsys):
    """Run a command line; gives exit code, stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = call(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


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
