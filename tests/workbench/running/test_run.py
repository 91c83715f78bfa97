"""The flagship from names to record, on the embedded samples."""

import json

import numpy as np
import pytest

from workbench import load, run
from workbench.methods.contract import Method
from workbench.plugins.entries import MethodEntry
from workbench.plugins.loading import Host
from workbench.running.opened import open_data
from workbench.running.outcome import Outcome
from workbench.running.records import load as load_record
from workbench.running.specification import Specification
from workbench.testing.reachable import find_labels, reachable

PAIR = ("--src", "wsj@embedded", "--tgt", "medline@embedded")
EVERY_KEY = {
    "method", "source", "target", "protocol", "seed", "scores", "difference", "verdict", "seconds",
    "peak_memory_mb", "record",
}  # fmt: skip


@pytest.fixture(scope="module")
def flagship(tmp_path_factory):
    return run("scl", "wsj@embedded", "medline@embedded", out=tmp_path_factory.mktemp("flagship"))


def test_scl_beats_its_baseline_on_the_embedded_samples(flagship):
    gain = flagship.comparison.difference["accuracy"]
    assert gain.value >= 0.015
    assert gain.low > 0
    assert flagship.verdict == "positive"


def test_the_summary_has_what_programs_need(flagship):
    summary = flagship.as_json()
    assert set(summary) >= EVERY_KEY
    scores = summary["scores"]
    assert set(scores["baseline"]["accuracy"]) == {"value", "low", "high"}
    assert set(summary["difference"]["accuracy"]) == {"value", "low", "high", "p"}
    assert scores["adapted"]["accuracy"]["value"] == pytest.approx(
        scores["baseline"]["accuracy"]["value"] + summary["difference"]["accuracy"]["value"]
    )


def test_the_scores_can_be_counted_again_from_the_record(flagship):
    rows = list(load_record(flagship.record).predictions())
    right = sum(g == a for row in rows for g, a in zip(row["gold"], row["adapted"], strict=True))
    total = sum(len(row["gold"]) for row in rows)
    assert flagship.comparison.adapted["accuracy"].value == pytest.approx(right / total)


def test_an_outcome_comes_back_from_its_json_and_from_its_record(flagship):
    values = json.loads(json.dumps(flagship.as_json(), default=str))
    again = Outcome.from_json(values)
    assert again.comparison == flagship.comparison and again.source == flagship.source
    kept = load_record(flagship.record).outcome
    assert kept.comparison == flagship.comparison and kept.changes == flagship.changes
    assert kept.as_json()["scores"] == flagship.as_json()["scores"]


def test_the_outcome_names_the_plugins_that_took_part(flagship):
    plugins = {plugin.name: plugin for plugin in flagship.plugins}
    assert {"wb_scl", "wb_text"} <= set(plugins)
    assert plugins["wb_scl"].distribution == "adaptation-workbench" and plugins["wb_scl"].version


def test_out_is_the_record_itself_and_the_next_commands_name_it(wb, tmp_path):
    folder = tmp_path / "mine"
    pair = ("--src", "shift/covariate-source", "--tgt", "shift/covariate-target")
    code, out, _ = wb("run", "source-only", *pair, "--out", str(folder))
    assert code == 0 and (folder / "run.json").is_file()
    assert f"wb predict {folder}" in out
    code, _, err = wb("run", "source-only", *pair, "--out", str(folder))
    assert code == 2 and "is not empty" in err
    code, out, _ = wb("run", "source-only", *pair, "--out", str(tmp_path / "two"), "--seeds", "2", "--json")
    assert code == 0 and all((tmp_path / "two" / f"s{seed}" / "run.json").is_file() for seed in (0, 1))


def test_json_is_one_object_on_a_clean_stdout(wb):
    code, out, err = wb("run", "source-only", *PAIR, "--json")
    assert code == 0
    found = json.loads(out)
    assert set(found) >= EVERY_KEY
    assert found["verdict"] == "not compared"
    assert "fit" in err


def test_the_same_seed_gives_the_same_scores(wb):
    first, second = (json.loads(wb("run", "scl", *PAIR, "--json", "--seed", "5")[1]) for _ in range(2))
    assert first["scores"] == second["scores"]
    assert first["record"] != second["record"]
    assert first["record"][-10:] == second["record"][-10:] or second["record"].endswith("+")


def test_several_seeds_give_means_spreads_and_a_record_each(wb):
    code, out, _ = wb("run", "self-training", *PAIR, "--source-size", "100", "--seeds", "3", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["seeds"] == [0, 1, 2]
    values = [r["scores"]["adapted"]["accuracy"]["value"] for r in found["runs"]]
    assert found["scores"]["adapted"]["accuracy"]["value"] == pytest.approx(np.mean(values))
    assert found["scores"]["adapted"]["accuracy"]["sd"] == pytest.approx(np.std(values, ddof=1))
    assert len({r["record"] for r in found["runs"]}) == 3


def test_what_people_see(wb):
    code, out, _ = wb("run", "scl", *PAIR)
    assert code == 0
    assert "embedded sample" in out
    for words in ("protocol", "inductive, no target labels", "source-only", "difference", "Positive: scl helps", "→"):
        assert words in out
    assert "wb data get wsj" in out
    assert all(len(line) <= 100 for line in out.split("\n") if "record" not in line and "/" not in line)


def test_shots_and_upper_bound_are_told(wb):
    found = json.loads(wb("run", "source-only", *PAIR, "--shots", "20", "--json")[1])
    assert "20 labelled target shots" in found["protocol"]
    assert found["target"]["counts"]["sentences"] == 341 - 20


def test_an_upper_bound_needs_labelled_target_text_apart_from_the_test(wb):
    code, _, err = wb("run", "source-only", *PAIR, "--upper-bound")
    assert code == 2
    assert "no labelled training split" in err


def test_a_negative_verdict_fails_when_asked(wb, tmp_path):
    far = tmp_path / "far.tagged"
    far.write_text("the/NN of/NN cell/DT binds/DT\n" * 60)
    code, out, _ = wb("run", "scl", "--src", "wsj@embedded", "--tgt", str(far), "--fail-on-negative-transfer")
    assert code in (0, 1)
    assert (code == 1) == ("Negative transfer" in out)


def test_any_conllu_file_is_a_target(wb, tmp_path):
    path = tmp_path / "web.conllu"
    token = "{}\t{}\t_\t_\t{}\t_\t_\t_\t_\t_\n"
    sentence = "".join(token.format(i, w, t) for i, (w, t) in enumerate([("the", "DT"), ("cell", "NN"), (".", ".")], 1))
    path.write_text((sentence + "\n") * 30)
    code, out, _ = wb("run", "source-only", "--src", "wsj@embedded", "--tgt", str(path))
    assert code == 0
    assert "transductive" in out


# What a method is given holds no target labels.


class Spy(Method):
    """Keeps what it was given and fits nothing."""

    given: object = None

    def fit(self, problem, progress):
        Spy.given = (problem, progress, self)
        raise RuntimeError("seen enough")


def test_a_spying_method_finds_no_target_label_anywhere():
    host = load()
    host.methods.add(MethodEntry(name="spy", factory=Spy, plugin="test", task="tagging", family="x", summary="x"))
    with pytest.raises(RuntimeError, match="seen enough"):
        run("spy", "wsj@embedded", "medline@embedded", host=host)
    data = open_data(Specification("spy", ("wsj@embedded",), "medline@embedded"), host)
    examples = data.target.examples("test", True)
    gold = data.gold()
    assert find_labels(Spy.given, gold.labels, examples.labels) == []
    tags = {tuple(row) for row in examples.labels if len(row) > 8}
    lists = [thing for thing in reachable(Spy.given) if isinstance(thing, list | tuple) and len(thing) > 8]
    assert not any(tuple(thing) in tags for thing in lists if all(isinstance(x, str) for x in thing))


def test_the_walker_does_find_labels_that_are_there():
    _, target = load().tasks.get("tagging").load()().example(0)
    hidden = {"a": [lambda kept=target.labels: kept]}
    assert find_labels(hidden, target.labels)
    assert find_labels(target, target.labels)
    assert not find_labels(target.unlabelled(), target.labels)


def test_every_host_has_the_first_party_plugins_whole():
    host: Host = load()
    assert not [p for p in host.broken if p.distribution == "adaptation-workbench"]
