"""Fixtures for the tests of plugins; a test module or conftest.py asks for them by

    pytest_plugins = ["workbench.testing.fixtures"]

Nothing is an entry point of pytest, which would slow every test run of an environment that holds wb.
"""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Callable

import pytest

from workbench.plugins.loading import Host, load

Call = Callable[..., tuple[int, str, str]]
"""Runs a command line: exit code, stdout, stderr."""


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test keeps its records, data and preferences in folders of its own, and asks no mirror.

    ``WB_KEEP_DATA=1`` leaves ``WB_DATA`` as it is.
    """
    folder = tmp_path_factory.mktemp("wb")
    monkeypatch.setenv("WB_RUNS", str(folder / "runs"))
    monkeypatch.setenv("WB_CONFIG", str(folder / "config"))
    if "WB_KEEP_DATA" not in os.environ:
        monkeypatch.setenv("WB_DATA", str(folder / "data"))
    monkeypatch.delenv("WB_MIRROR", raising=False)


@pytest.fixture
def wb(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command line, e.g. ``wb("run", "my-method", "--src", …)``; gives exit code, stdout and stderr."""
    (point,) = importlib.metadata.entry_points(group="console_scripts", name="wb")
    main = point.load()

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture(scope="session")
def host() -> Host:
    """All installed plugins, loaded once for all tests."""
    return load()
