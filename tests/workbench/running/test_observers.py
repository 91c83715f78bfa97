"""Observers are told in turn; one that fails is told of once and stops nobody."""

from workbench.plugins.entries import ObserverEntry
from workbench.running.observers import Observer, Observers, observers_of
from workbench.running.specification import Specification

SPECIFICATION = Specification("m", ("s",), "t")


HEARD = []


class Attentive(Observer):
    def run_begins(self, specification):
        HEARD.append(specification)

    def cell_ends(self, name, error):
        HEARD.append((name, error))


class Touchy(Observer):
    def run_begins(self, specification):
        raise SystemExit("no")


def entry(name, factory):
    return ObserverEntry(name=name, factory=factory, plugin="p")


def test_the_others_hear_all_that_one_who_fails_does_not():
    told = []
    HEARD.clear()
    observers = Observers(
        [entry("touchy", Touchy), entry("gone", "no.such:Thing"), entry("ears", Attentive)], told.append
    )
    observers.run_begins(SPECIFICATION)
    observers.run_begins(SPECIFICATION)
    observers.fit_begins("m")
    observers.cell_ends("a cell", "broken")
    assert HEARD == [SPECIFICATION, SPECIFICATION, ("a cell", "broken")]
    assert len(told) == 2, "once each"
    assert "observer 'gone' of plugin 'p'" in told[0] and "observer 'touchy' of plugin 'p' failed" in told[1]


def test_every_event_reaches_every_observer(host):
    """The one that tells the others must pass on whatever can be overridden."""
    events = [name for name in vars(Observer) if not name.startswith("_")]
    assert all(getattr(Observers, event) is not getattr(Observer, event) for event in events)
    observers_of(host, lambda line: None).fit_ends("m", 1.0)
