"""Strangers' plugins of every kind, from `wb plugins new` to their own tests, in an environment of their own."""

import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from workbench.plugins.scaffold import TRIALS, write_plugin

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "plugins" / "wb-domain-odds"

CALLS = """
import json, sys
from workbench.cli import call
for arguments in json.loads(sys.argv[1]):
    print("\\n== ", *arguments, flush=True)
    code = call(arguments)
    if code:
        sys.exit(f"exit code {code}")
"""


def run(*command, **choices):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, **choices)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def clean(tmp_path):
    """A fresh environment with wb's wheel, which sees the packages of this one; its Python and variables."""
    pytest.importorskip("hatchling")
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    paths = [path for path in sys.path if Path(path).name == "site-packages"]
    (site / "packages.pth").write_text("\n".join([*paths, sysconfig.get_path("purelib")]) + "\n")
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    variables["PIP_NO_INDEX"] = "1"
    options = ("--no-deps", "--no-build-isolation", "--ignore-installed", "-q")
    run(python, "-m", "pip", "install", *options, ROOT, env=variables, cwd=tmp_path)
    return python, variables


@pytest.mark.slow
def test_eight_kinds_are_written_installed_run_and_pass_their_own_tests(clean, tmp_path):
    """All from the wheel, away from the sources, and without the network."""
    python, variables = clean
    written = {kind: write_plugin(f"my-{kind}", tmp_path, kind) for kind in TRIALS}
    editable = [part for project in written.values() for part in ("-e", f"{project.folder.name}[test]")]
    wb = (python, "-m", "workbench")
    out = run(*wb, "plugins", "install", *editable, "--no-build-isolation", env=variables, cwd=tmp_path)
    assert set(out.removeprefix("new plugins: ").strip().split(", ")) == {f"wb_my_{kind}" for kind in TRIALS}

    lines = [part for project in written.values() for part in project.trial.split("&&")]
    calls = json.dumps([shlex.split(line)[1:] for line in lines])
    out = run(python, "-c", CALLS, calls, env=variables, cwd=tmp_path)
    shown = {part.split("\n")[0].split()[1]: part for part in out.split("\n==  ")[1:]}
    assert "Negative transfer" not in shown["my-method"]
    assert float(re.search(r"([+−-][\d.]+) points of accuracy", shown["my-method"])[1]) > 0
    assert re.search(r"^my-evaluator +[-–\d.(]", out, re.M), "the evaluator's figure is in the table"
    assert "by my-selector" in out
    assert "my-figure.png" in out

    folders = [project.folder / "tests" for project in written.values()]
    own = (python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib")
    assert "16 passed" in run(*own, *folders, env=variables, cwd=tmp_path)
    assert "nothing to uninstall" not in run(*wb, "plugins", "uninstall", "-y", "wb_my_command", env=variables)


def test_the_example_is_what_wb_plugins_new_writes(tmp_path):
    """But for the year in the licence and the bounds on wb's version."""
    written = write_plugin("domain-odds", tmp_path).folder
    files = [
        path.relative_to(EXAMPLE) for path in sorted(EXAMPLE.rglob("*")) if path.is_file() and path.suffix != ".pyc"
    ]
    assert files == sorted(path.relative_to(written) for path in written.rglob("*") if path.is_file())
    for file in files:
        one, two = (re.sub(r"\d+", "0", (side / file).read_text(encoding="utf-8")) for side in (EXAMPLE, written))
        assert one == two, file


def test_the_documentation_shows_the_method_that_is_written(tmp_path):
    text = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    folder = write_plugin("my-method", tmp_path).folder / "wb_my_method"
    body = (folder / "method.py").read_text(encoding="utf-8")
    assert body[body.index("class MyMethod") :].strip() in text
    registration = (folder / "__init__.py").read_text(encoding="utf-8")
    assert registration[registration.index("@hookimpl") :].strip() in text


@pytest.mark.parametrize("kind", ["command", "figure", "estimator"])
def test_a_new_plugin_passes_the_kit_without_being_installed(tmp_path, kind):
    folder = write_plugin("My_Own", tmp_path, kind).folder
    assert "0 failed" in run(sys.executable, "-m", "workbench", "plugins", "check", folder, cwd="/")


def test_a_wheel_is_checked_from_anywhere(tmp_path):
    folder = write_plugin("boxed", tmp_path, "selector").folder
    wheel = tmp_path / "wb_boxed-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in (folder / "wb_boxed").iterdir():
            archive.write(path, f"wb_boxed/{path.name}")
        archive.writestr("wb_boxed-0.1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: wb-boxed\nVersion: 0.1.0\n")
        archive.writestr("wb_boxed-0.1.0.dist-info/entry_points.txt", "[workbench]\nwb_boxed = wb_boxed\n")
    rows = json.loads(run(sys.executable, "-m", "workbench", "plugins", "check", wheel, "--json", cwd="/"))
    assert {row["subject"] for row in rows} == {"wb_boxed", "boxed (selector)"}
    assert all(row["passed"] for row in rows)


def test_a_new_plugin_overwrites_nothing_and_has_a_sane_name(tmp_path, wb):
    code, out, _ = wb("plugins", "new", "twice", "--dir", str(tmp_path))
    assert code == 0 and f"wb plugins install -e '{tmp_path / 'wb-twice'}[test]'" in out
    code, _, err = wb("plugins", "new", "twice", "--dir", str(tmp_path))
    assert code == 2 and "exists" in err
    code, _, err = wb("plugins", "new", "3 words", "--dir", str(tmp_path))
    assert code == 2 and "cannot name a package" in err


@pytest.mark.parametrize("kind", TRIALS)
def test_every_project_is_whole(tmp_path, kind):
    written = write_plugin("some-thing", tmp_path, kind)
    files = {str(path.relative_to(written.folder)) for path in written.folder.rglob("*") if path.is_file()}
    assert {"README.md", "LICENSE", ".gitignore", "pyproject.toml", ".github/workflows/test.yml"} <= files
    for path in written.folder.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"@[A-Z]+@", text), path
            if path.suffix == ".py":
                compile(text, str(path), "exec")
