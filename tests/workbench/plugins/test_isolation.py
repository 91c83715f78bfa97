"""Broken plugins are named once and left out; every command goes on."""

import json
import os
import subprocess
import sys

import pytest

PLUGINS = {
    "raises_at_import": "raise RuntimeError('no such library')",
    "raises_interrupt": "raise KeyboardInterrupt",
    "exits": "raise SystemExit(7)",
    "unprintable": """
class Silent(Exception):
    def __str__(self):
        raise RuntimeError
raise Silent
""",
    "names_nothing": """
from workbench import hookimpl

@hookimpl
def wb_register_methods(register):
    register(None, "names_nothing:Nothing", task="tagging", family="x", summary="x")
""",
    "unknown_hook": """
from workbench import hookimpl

@hookimpl
def wb_register_dreams(register):
    pass
""",
    "raises_in_hook": """
from workbench import hookimpl

@hookimpl
def wb_register_methods(register):
    register("half", "raises_in_hook:Half", task="tagging", family="x", summary="x")
    raise ValueError("half way")
""",
}
COMMANDS = [
    ["--help"],
    ["plugins", "list"],
    ["plugins", "list", "--hooks"],
    ["doctor"],
    ["methods"],
    ["methods", "scl"],
    ["data", "list"],
    ["data", "show", "wsj"],
    ["run", "scl", "--help"],
    ["run", "source-only", "--src", "wsj@embedded", "--tgt", "medline@embedded"],
]

LATE = """
import click
from pydantic import Field
from workbench import FeatureMethod, hookimpl

@hookimpl
def wb_register_methods(register):
    register("quits", "breaks_late:Quits", task="classification", family="x", summary="x")
    register("seeded", "breaks_late:Seeded", task="classification", family="x", summary="x")

@hookimpl
def wb_register_commands(register):
    register("stumble", "breaks_late:stumble", summary="x")

class Quits(FeatureMethod):
    def adapt(self, source, labels, target, problem):
        raise SystemExit(3)

class Seeded(Quits):
    class Params(FeatureMethod.Params):
        seed: int = Field(0, ge=0, description="Taken.")

@click.command()
def stumble():
    int("a")
"""
"""A plugin whose things load, and break when they are used."""


@pytest.fixture
def broken_plugins(tmp_path):
    """An environment in which only broken plugins are installed beside ours."""
    return installed(tmp_path, PLUGINS)


def installed(tmp_path, plugins):
    for name, code in plugins.items():
        (tmp_path / f"{name}.py").write_text(code)
        metadata = tmp_path / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[workbench]\n{name} = {name}\n")
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


def call(environment, arguments):
    return subprocess.run(
        [sys.executable, "-m", "workbench", *arguments], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_command_works_and_names_each_culprit_once(broken_plugins, arguments):
    done = call(broken_plugins, arguments)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    for name in PLUGINS:
        assert done.stderr.count(f"plugin '{name}' is left out") == 1


def test_the_reasons_are_told_and_nothing_half_registered_stays(broken_plugins):
    rows = {row["name"]: row for row in json.loads(call(broken_plugins, ["plugins", "list", "--json"]).stdout)}
    assert "no such library" in rows["raises_at_import"]["problem"]
    assert "KeyboardInterrupt" in rows["raises_interrupt"]["problem"]
    assert rows["exits"]["problem"] == "import: SystemExit: 7"
    assert "cannot be printed" in rows["unprintable"]["problem"]
    assert "None cannot name a method" in rows["names_nothing"]["problem"]
    assert "wb_register_dreams" in rows["unknown_hook"]["problem"]
    assert "half way" in rows["raises_in_hook"]["problem"]
    assert all(rows[name]["registers"] == {} for name in PLUGINS)
    assert rows["wb_scl"]["problem"] == ""


def test_completion_works_with_broken_plugins(broken_plugins):
    done = call(broken_plugins, ["completion", "bash"])
    assert done.returncode == 0
    assert "_WB_COMPLETE" in done.stdout


def test_a_near_miss_is_named(broken_plugins):
    done = call({**os.environ}, ["run", "sdl", "--src", "wsj", "--tgt", "medline"])
    assert done.returncode == 2
    assert done.stderr.strip() == "wb: no method 'sdl'; did you mean stl, sda or scl?"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["stumble"],
            "wb: unexpected ValueError: invalid literal for int() with base 10: 'a' in plugin 'breaks_late'; ",
        ),
        (
            ["run", "quits"],
            "wb: unexpected SystemExit: 3 in plugin 'breaks_late'; repeat with --debug and report it to ",
        ),
        (
            ["run", "seeded"],
            "wb: method 'seeded' of plugin 'breaks_late' has settings named as options of 'wb run' are: seed; ",
        ),
    ],
)
def test_what_breaks_when_it_is_used_is_named_with_its_plugin(tmp_path, arguments, line):
    domains = ["--src", "shift/covariate-source?n=40", "--tgt", "shift/covariate-target?n=40"]
    environment = {**installed(tmp_path, {"breaks_late": LATE}), "WB_RUNS": str(tmp_path / "runs")}
    done = call(environment, [*arguments, *(domains if arguments[0] == "run" else ())])
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(line)
