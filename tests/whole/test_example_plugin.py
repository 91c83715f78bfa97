"""A stranger's plugin, from its source to `wb run`, in an environment of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "plugins" / "wb-mean-match"
PAIR = ["--src", "shift/covariate-source", "--tgt", "shift/covariate-target"]


def run(*command, **choices):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, **choices)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_example_installs_runs_and_passes_its_test_in_a_clean_environment(tmp_path):
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", ROOT, "pytest", env=environment)
    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "hatchling", env=environment)
    run(python, "-m", "workbench", "plugins", "install", EXAMPLE, "--no-build-isolation", env=environment, cwd=tmp_path)
    found = json.loads(
        run(python, "-m", "workbench", "run", "mean-match", *PAIR, "--json", env=environment, cwd=tmp_path)
    )
    assert found["method"] == "mean-match"
    assert found["baseline"] == "source-only"
    assert "passed, 0 failed" in run(python, "-m", "workbench", "plugins", "check", "wb_mean_match", env=environment)
    run(python, "-m", "pytest", "-q", EXAMPLE / "tests", env=environment, cwd=tmp_path)


def test_a_new_plugin_passes_the_kit_without_being_installed(tmp_path, wb):
    code, out, _ = wb("plugins", "new", "My_Method", "--dir", str(tmp_path))
    assert code == 0 and "wb plugins install" in out
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "plugins", "check", str(tmp_path / "wb-my-method")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 failed" in done.stdout


def test_a_new_plugin_overwrites_nothing_and_has_a_sane_name(tmp_path, wb):
    assert wb("plugins", "new", "twice", "--dir", str(tmp_path))[0] == 0
    code, _, err = wb("plugins", "new", "twice", "--dir", str(tmp_path))
    assert code == 2 and "exists" in err
    code, _, err = wb("plugins", "new", "3 words", "--dir", str(tmp_path))
    assert code == 2 and "cannot name a package" in err
