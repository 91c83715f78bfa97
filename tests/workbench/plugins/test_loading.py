"""Loading: what is taken in, what is left out, and that nothing is kept between two calls."""

import os
import signal
import time
from types import ModuleType

import pytest

from workbench import hookimpl, load
from workbench.errors import DataError, NotInstalled, PluginError
from workbench.plugins import preferences
from workbench.plugins.entries import MethodEntry, SelectorEntry
from workbench.plugins.isolation import isolated


def module(name="given"):
    made = ModuleType(name)

    @hookimpl
    def wb_register_selectors(register):
        register("given", "x:y", summary="s")

    made.wb_register_selectors = wb_register_selectors
    return made


def test_modules_are_loaded_beside_the_first_party_plugins(host):
    together = load([module()])
    assert set(together.selectors.names()) == {*host.selectors.names(), "given"}
    assert together.tasks.names() == host.tasks.names()
    assert "given" not in load().selectors.names(), "nothing is kept"


def test_modules_alone():
    alone = load([module()], alone=True)
    assert [plugin.name for plugin in alone.plugins] == ["given"]
    assert len(alone.tasks) == 0


def test_a_disabled_plugin_is_not_even_imported(monkeypatch, tmp_path):
    (tmp_path / "quitter.py").write_text("raise SystemExit('must not be imported')")
    metadata = tmp_path / "quitter-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: quitter\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[workbench]\nquitter = quitter\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert [plugin.name for plugin in load().broken] == ["quitter"]
    preferences.read().disable("quitter").disable("wb_selection").write()
    host = load()
    assert [plugin.name for plugin in host.plugins if plugin.disabled] == ["wb_selection", "quitter"]
    assert not host.broken
    assert len(host.selectors) == 0


def test_a_damaged_file_of_preferences_stops_no_run(host):
    preferences.path().parent.mkdir(parents=True)
    preferences.path().write_text("{")
    assert len(load().methods) == len(host.methods)
    with pytest.raises(DataError, match="mend or remove it"):
        preferences.read()


def entry(factory, **more):
    return SelectorEntry(name="mine", factory=factory, plugin="p", **more)


def test_a_missing_extra_names_the_plugins_own_distribution(tmp_path, monkeypatch):
    (tmp_path / "needs_more.py").write_text("import no_such_package_at_all")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(NotInstalled, match=r"run: pip install 'wb-graphs\[graph\]'"):
        entry("needs_more:X", extra="graph", distribution="wb-graphs").load()
    with pytest.raises(NotInstalled, match="run: pip install no_such_package_at_all"):
        entry("needs_more:X", extra="graph").load()
    with pytest.raises(PluginError, match="selector 'mine' of plugin 'p': ModuleNotFoundError"):
        entry("needs_more:X").load()


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "1 / 0", "x = 1", "import ???"])
def test_a_module_that_cannot_be_imported_is_its_plugins_fault(tmp_path, monkeypatch, code):
    name = f"broken_{abs(hash(code))}"
    (tmp_path / f"{name}.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PluginError, match="selector 'mine' of plugin 'p'"):
        entry(f"{name}:X").load()


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    "error", [ValueError("bad\nnews"), SystemExit(1), KeyboardInterrupt(), Unprintable(), MemoryError()], ids=type
)
def test_an_isolated_block_tells_one_line_with_the_plugins_name_and_goes_on(error):
    told = []
    with isolated(entry("x:y"), told.append):
        raise error
    assert len(told) == 1 and "\n" not in told[0]
    assert "selector 'mine' of plugin 'p' failed" in told[0]


def test_an_error_that_the_user_can_mend_is_told_in_its_own_words():
    told = []
    with isolated(entry("x:y"), told.append):
        raise DataError("file.csv: mend it")
    assert told == ["selector 'mine': file.csv: mend it"]


def test_the_users_own_interrupt_goes_through():
    told = []
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        with pytest.raises(KeyboardInterrupt), isolated(entry("x:y"), told.append):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(10)
    finally:
        signal.signal(signal.SIGINT, previous)
    assert told == []


def test_an_alias_finds_a_method_and_a_real_name_goes_first():
    host = load(alone=True)
    for name, aliases in (("one", ("two", "uno")), ("two", ())):
        host.methods.add(MethodEntry(name=name, factory="x:y", plugin="p", task="t", family="f", aliases=aliases))
    assert [e.name for e in host.methods.find("uno")] == ["one"]
    assert [e.name for e in host.methods.find("two")] == ["two"]
