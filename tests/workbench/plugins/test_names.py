"""Names: who gets one that two plugins want, and by what else a thing is found."""

from types import ModuleType

import pytest

from workbench import hookimpl, load
from workbench.errors import UnknownName
from workbench.plugins.entries import ReaderEntry, SelectorEntry
from workbench.plugins.registry import Registry


def plugin(name, *selectors, fails=False, factory="x:y"):
    module = ModuleType(name)

    @hookimpl
    def wb_register_selectors(register):
        for selector in selectors:
            register(selector, factory, summary=f"of {name}")

    @hookimpl
    def wb_register_commands(register):
        if fails:
            raise ValueError("no")

    module.wb_register_selectors, module.wb_register_commands = wb_register_selectors, wb_register_commands
    return module


def test_the_first_keeps_the_name_and_the_other_is_reached_by_its_plugin():
    host = load([plugin("one", "same", "own"), plugin("two", "same")], alone=True)
    assert not host.broken
    assert host.selectors.names() == ["own", "same", "two:same"]
    assert host.selectors.get("same").plugin == "one"
    assert host.selectors.get("one:same").plugin == "one"
    assert host.selectors.get("two:same").plugin == "two"
    assert host.selectors.get("two:same").summary == "of two"
    (clash,) = host.clashes
    assert "'two' registers the selector 'same', which plugin 'one' already has" in str(clash)
    assert "'two:same'" in str(clash)


def test_a_stranger_cannot_displace_a_selector_of_ours(host):
    name = next(entry.name for entry in host.selectors)
    together = load([plugin("stranger", name)])
    assert together.selectors.get(name).plugin == host.selectors.get(name).plugin
    assert together.selectors.get(f"stranger:{name}").plugin == "stranger"


def test_a_plugin_that_is_left_out_gives_its_names_back():
    host = load([plugin("one", "same", fails=True), plugin("two", "same")], alone=True)
    assert [p.name for p in host.broken] == ["one"]
    assert host.selectors.get("same").plugin == "two"
    assert host.clashes == []


def test_a_plugin_that_names_two_things_alike_is_left_out():
    host = load([plugin("one", "same", "same")], alone=True)
    assert "registered twice" in host.plugins[0].problem
    assert len(host.selectors) == 0


@pytest.mark.parametrize("name", [None, "", "two words", "a:b", "a/b", 3])
def test_what_is_no_name_is_refused(name):
    host = load([plugin("one", name), plugin("two", "fine")], alone=True)
    assert "cannot name a selector" in host.plugins[0].problem
    assert host.selectors.names() == ["fine"]


def test_an_unknown_name_is_told_with_the_nearest_and_where_to_look(host):
    with pytest.raises(UnknownName, match="did you mean bnm"):
        host.selectors.get("bmn")
    with pytest.raises(UnknownName, match="see 'wb plugins list'"):
        host.readers.get("a reader like no other")
    with pytest.raises(UnknownName, match="see 'wb methods'"):
        host.methods.get("zzzzzzzz")


def test_a_reference_begins_with_a_name_or_with_a_plugins_name():
    readers = Registry(ReaderEntry)
    for owner in ("one", "two"):
        readers.add(ReaderEntry(name="lines", factory="x:y", plugin=owner))
    assert readers.split("lines:some/path") == ("lines", "some/path")
    assert readers.split("two:lines:some/path") == ("two:lines", "some/path")
    assert readers.split("one:lines:C:/path") == ("one:lines", "C:/path")
    assert readers.split("some/path") == ("", "some/path")
    assert readers.split("other:path") == ("", "other:path")


def test_a_clash_is_listed_and_both_run(tmp_path, wb, monkeypatch):
    """A stranger's command that is called as one of ours, and its selector too."""
    (tmp_path / "stranger.py").write_text(
        """
import click
from workbench import hookimpl

@click.command()
def runs():
    "Say hello."
    click.echo("hello")

@hookimpl
def wb_register_commands(register):
    register("runs", runs, summary="Say hello.")
"""
    )
    metadata = tmp_path / "stranger-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[workbench]\nstranger = stranger\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert "no runs" in wb("runs", "list")[2]
    assert wb("stranger:runs") == (0, "hello\n", "")
    for command in (["plugins", "list"], ["doctor"]):
        code, out, err = wb(*command)
        assert code == 0
        assert "'stranger' registers the command 'runs', which plugin 'workbench' already has" in out + err


def test_entries_say_whose_they_are():
    entry = SelectorEntry(name="x", factory="a:b", plugin="p", distribution="d")
    assert (entry.kind, entry.qualified, entry.distribution) == ("selector", "p:x", "d")
