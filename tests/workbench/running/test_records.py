"""Records exist whole or not at all."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from workbench.errors import DataError, UnknownName, UsageError, WbError
from workbench.running import records
from workbench.running.outcome import DomainSummary, Outcome
from workbench.scoring.comparing import Comparison, Estimate
from workbench.scoring.metrics import Metric
from workbench.scoring.scales import Scale


def specification(seed: int = 0) -> dict:
    return {"method": "scl", "sources": ["wsj"], "target": "path/to/any.conllu", "seed": seed}


class Lines(records.Content):
    """The content of a record whose predictions are given as they are."""

    lines: tuple = ()

    def rows(self):
        return iter(self.lines)


def outcome() -> Outcome:
    side = DomainSummary(name="a", edition="e", counts={"sentences": 2}, unlabelled_counts={})
    figure = Estimate(0.5, 0.4, 0.6)
    compared = Comparison({"accuracy": Scale("accuracy")}, {}, {"accuracy": figure}, {}, "not compared")
    return Outcome(method="scl", task="tagging", source=side, target=side, protocol="p", seed=0, comparison=compared)


def write(parent: Path, seed: int = 0, rows=(), save=lambda folder: None) -> records.Record:
    metrics = {"accuracy": Metric(np.array([[1.0, 2.0], [0.0, 1.0]]))}
    content = Lines(
        specification(seed),
        outcome(),
        task=None,
        predicted=None,
        gold=None,
        gold_rows=None,
        adapted=None,
        baseline=None,
        metrics=metrics,
        save_model=save,
    )
    object.__setattr__(content, "lines", tuple(rows))
    return records.write(content, None, parent)


def test_a_record_comes_back_as_it_was_written(tmp_path):
    rows = [{"input": ["Ωmega"], "gold": ["NN"], "adapted": ["JJ"]}]
    written = write(tmp_path, rows=rows, save=lambda folder: (folder / "model.json").write_text("{}"))
    found = records.find(written.name, tmp_path)
    assert found.run == written.run
    assert list(found.predictions()) == rows
    assert (found.folder / "model" / "model.json").is_file()


def test_the_folders_name_tells_method_pair_seed_and_digest(tmp_path):
    name = write(tmp_path, seed=7).name
    assert "-scl-wsj-path_to_any.conllu-s7-" in name
    assert name.endswith(records.digest_of(specification(7)))


def test_the_digest_depends_on_every_setting():
    assert records.digest_of(specification()) == records.digest_of(dict(reversed(specification().items())))
    assert records.digest_of(specification()) != records.digest_of(specification(1))


def test_two_records_within_a_second_do_not_collide(tmp_path):
    assert write(tmp_path).folder != write(tmp_path).folder
    assert len(records.folders(tmp_path)) == 2


def test_a_failure_while_writing_leaves_nothing_and_harms_nothing(tmp_path):
    earlier = write(tmp_path)

    def fail(folder):
        raise RuntimeError("the model cannot be saved")

    with pytest.raises(RuntimeError):
        write(tmp_path, seed=1, save=fail)
    assert [folder.name for folder in tmp_path.iterdir()] == [earlier.name]


def test_a_full_disk_is_one_clear_line(tmp_path):
    def fill(folder):
        with open("/dev/full", "w") as stream:
            stream.write("x" * 100_000)

    earlier = write(tmp_path)
    with pytest.raises(WbError, match=r"cannot be written \(No space left on device\); free space"):
        write(tmp_path, seed=1, save=fill)
    assert records.find("last", tmp_path).name == earlier.name


def test_kill_9_while_writing_leaves_earlier_records_and_no_half_one(tmp_path):
    earlier = write(tmp_path)
    script = textwrap.dedent(
        """
        import pathlib, sys, time
        from workbench import run
        from workbench.methods.feature_model import FeatureModel

        def slow(self, folder):
            (folder / "half.npz").write_bytes(b"x" * 1000)
            print("writing", flush=True)
            time.sleep(60)

        FeatureModel.save = slow
        run("source-only", "shift/covariate-source", "shift/covariate-target", out=pathlib.Path(sys.argv[1]))
        """
    )
    command = [sys.executable, "-c", script, str(tmp_path / "later")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "writing"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    good, problems = records.list_all(tmp_path)
    assert [record.name for record in good] == [earlier.name]
    assert not problems
    assert write(tmp_path, seed=1).folder.is_dir()


def test_a_damaged_record_is_named_and_the_others_still_listed(tmp_path):
    good = write(tmp_path)
    time.sleep(0.01)
    bad = write(tmp_path, seed=1)
    (bad.folder / "scores.json").write_text("{", encoding="utf-8")
    found, problems = records.list_all(tmp_path)
    assert [record.name for record in found] == [good.name]
    assert len(problems) == 1 and bad.name in problems[0] and "damaged" in problems[0]


def test_finding_by_part_of_a_name(tmp_path):
    first = write(tmp_path, seed=3)
    write(tmp_path, seed=4)
    assert records.find("-s3-", tmp_path).name == first.name
    with pytest.raises(UsageError, match="fits 2 runs"):
        records.find("scl", tmp_path)
    with pytest.raises(UnknownName, match="no run 'nothing'"):
        records.find("nothing", tmp_path)


def test_no_runs_yet_says_what_makes_one(tmp_path):
    with pytest.raises(UsageError, match="make one with 'wb run'"):
        records.find("last", tmp_path / "none")


def test_a_record_of_another_format_is_refused(tmp_path):
    record = write(tmp_path)
    run = json.loads((record.folder / "run.json").read_text())
    (record.folder / "run.json").write_text(json.dumps({**run, "format": 99}))
    with pytest.raises(DataError, match="format 99 is not 2"):
        records.load(record.folder)


def test_removing_deletes_the_folder(tmp_path):
    record = write(tmp_path)
    records.remove(record.folder)
    assert list(tmp_path.iterdir()) == []


def test_a_model_of_scikit_learn_is_saved_without_torch(tmp_path):
    script = textwrap.dedent(
        """
        import sys
        from workbench import run

        run("source-only", "shift/covariate-source?n=30", "shift/covariate-target?n=30")
        assert "skops.io" in sys.modules and "torch" not in sys.modules, "seconds for nothing"
        """
    )
    subprocess.run([sys.executable, "-c", script], env={**os.environ, "WB_RUNS": str(tmp_path)}, check=True)
