"""The log of events."""

import json

from wb_trackers.events import EventLog
from workbench.running.specification import Specification


def test_each_event_is_a_line_and_files_are_added_to(tmp_path, monkeypatch):
    path = tmp_path / "events.jsonl"
    path.write_text('{"event": "earlier"}\n')
    monkeypatch.setenv("WB_EVENTS", str(path))
    log = EventLog()
    log.run_begins(Specification("coral", ("a", "b"), "ziel", seed=7))
    log.fit_ends("coral", 1.23456)
    log.cell_ends("coral a → ziel", "kaputt\nindeed")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["event"] for row in rows] == ["earlier", "run begins", "fit ends", "cell ends"]
    assert (rows[1]["method"], rows[1]["target"], rows[1]["seed"]) == ("coral", "ziel", 7)
    assert rows[2]["seconds"] == 1.235
    assert rows[3]["error"] == "kaputt\nindeed"


def test_without_the_variable_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.delenv("WB_EVENTS", raising=False)
    monkeypatch.chdir(tmp_path)
    EventLog().fit_begins("coral")
    assert list(tmp_path.iterdir()) == []
