"""``wb plugins``: switching off, removing and bringing back."""

import json
import subprocess
import sys

import pytest

from workbench.plugins import preferences
from workbench.plugins.installing import absolute


def test_a_plugin_is_disabled_and_enabled(wb):
    assert "bnm" in wb("plugins", "list")[1]
    code, out, _ = wb("plugins", "disable", "wb_selection")
    assert code == 0 and "wb plugins enable wb_selection" in out
    code, out, err = wb("plugins", "list")
    assert "disabled" in out and "snd" not in out and err == ""
    rows = {row["name"]: row for row in json.loads(wb("plugins", "list", "--json")[1])}
    assert rows["wb_selection"]["disabled"] and not rows["wb_scl"]["disabled"]
    assert "wb_selection" in wb("doctor")[1].split("disabled")[0]
    assert wb("plugins", "enable", "wb_selection")[0] == 0
    assert "snd" in wb("plugins", "list")[1]


def test_several_are_switched_in_one_call_or_none(wb):
    assert wb("plugins", "disable", "wb_selection", "wb_nothing")[0] == 2
    assert preferences.read().disabled == ()
    code, out, _ = wb("plugins", "disable", "wb_selection", "wb_export")
    assert code == 0 and len(out.splitlines()) == 2
    assert preferences.read().disabled == ("wb_selection", "wb_export")
    assert wb("plugins", "enable", "wb_export", "wb_scl")[0] == 2
    assert wb("plugins", "enable", "wb_export", "wb_selection")[0] == 0
    assert preferences.read().disabled == ()


def test_what_cannot_be_switched_is_told(wb):
    code, _, err = wb("plugins", "disable", "wb_selektion")
    assert code == 2 and "did you mean wb_selection" in err
    assert wb("plugins", "disable", "workbench")[0] == 2, "without its commands nothing could enable it again"
    code, _, err = wb("plugins", "enable", "wb_selection")
    assert code == 2 and "is not disabled" in err


@pytest.mark.parametrize("name", ["no-such-distribution", "wb_nothing"])
def test_uninstall_says_that_there_is_nothing(wb, name):
    code, _, err = wb("plugins", "uninstall", "-y", name)
    assert code == 2 and f"nothing to uninstall: '{name}' is not installed" in err


@pytest.mark.parametrize("name", ["adaptation-workbench", "Adaptation_Workbench", "wb_scl"])
def test_wb_itself_is_not_uninstalled(wb, name):
    code, _, err = wb("plugins", "uninstall", "-y", name)
    assert code == 2 and "wb itself" in err


def test_restore_says_that_there_is_nothing_and_what_failed(wb, tmp_path):
    assert "nothing to restore" in wb("plugins", "restore")[1]
    gone = str(tmp_path / "gone" / "wb-x")
    preferences.read().add(("-e", gone)).write()
    code, _, err = wb("plugins", "restore")
    assert code == 1 and f"not restored -e {gone}: pip install failed" in err


def test_what_was_installed_is_remembered_once_and_forgotten_by_name(tmp_path):
    remembered = preferences.Preferences().add(("-e", "/some/wb-x[test]")).add(("other", "--pre"))
    remembered = remembered.add(("-e", "/some/wb-x[test]"))
    remembered.write()
    assert preferences.read().installed == (("other", "--pre"), ("-e", "/some/wb-x[test]"))
    assert preferences.read().forget("wb_x").installed == (("other", "--pre"),)


def test_paths_are_remembered_so_that_they_hold_from_anywhere(tmp_path, monkeypatch):
    (tmp_path / "wb-x").mkdir()
    monkeypatch.chdir(tmp_path)
    assert absolute(("-e", "wb-x[test]", "name", "--no-deps")) == ("-e", f"{tmp_path}/wb-x[test]", "name", "--no-deps")


def test_a_folder_of_the_same_name_does_not_hide_an_installed_plugin(tmp_path):
    """``wb plugins check wb_export`` where a folder is called so."""
    (tmp_path / "wb_export").mkdir()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "workbench", "plugins", "check", "wb_export"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 failed" in done.stdout


def test_a_folder_without_plugins_is_told(tmp_path, wb):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'nothing'\n")
    code, _, err = wb("plugins", "check", str(tmp_path))
    assert code == 2 and "it holds no plugin" in err
    (tmp_path / "pyproject.toml").write_text("[project\n")
    code, _, err = wb("plugins", "check", str(tmp_path))
    assert code == 1 and "not a TOML file" in err


def test_hooks_are_listed_with_who_implements_them(wb):
    out = wb("plugins", "list", "--hooks")[1]
    assert "wb_register_observers(register)" in out
    assert "implemented by wb_trackers" in out
