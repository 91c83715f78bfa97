"""A bench: its plan, what a failing cell leaves alone, resuming after kill -9, any executor, its tables."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from workbench import load
from workbench.benching import Plan, bench, executing
from workbench.benching.cell_result import CellResult
from workbench.benching.collections import collection
from workbench.benching.plan import read
from workbench.benching.ranking import rank
from workbench.benching.submitting import results_of_pools
from workbench.errors import DataError, UsageError
from workbench.report.ranking import ranking_cells
from workbench.running.outcome import PluginVersion, Reference
from workbench.scoring.comparing import Comparison, Difference, Estimate
from workbench.scoring.scales import Scale

PAIR = "shift/covariate-source:shift/covariate-target"
OTHER = "shift/subspace-source:shift/subspace-target"


def scores(result):
    """What must not depend on how the bench got there, of a bench's JSON."""
    return [(row["method"], row["source"], row["seed"], row["scores"], row["verdict"]) for row in result["cells"]]


def test_a_plan_is_the_product_of_what_it_names():
    plan = Plan(
        methods=("tca", "jda"),
        pairs=(PAIR, "a+b:c"),
        seeds=2,
        grid={"components": (2, 3)},
        settings={"jda": {"iterations": 2}},
    )
    cells = plan.cells({})
    assert len(cells) == 2 * 2 * 2 * 2
    assert cells[-1].specification.sources == ("a", "b")
    assert cells[-1].specification.settings == {"iterations": 2, "components": 3}
    assert len({cell.key for cell in cells}) == len(cells)


def test_a_collection_is_every_ordered_pair():
    cells = Plan(methods=("tca",), collections=("x",)).cells({"x": ("x/a", "x/b", "x/c")})
    assert len(cells) == 6


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("methods = ['tca']\npairs = ['a']\n", r"line 2: setting 'pairs.*not SOURCE:TARGET"),
        ("methods = ['tca']\n\nseeds = 0\n", "line 3: setting 'seeds'"),
        ("methods = ['tca']\nseed = 3\n", "line 2: no setting 'seed'; did you mean 'seeds'"),
        ("methods = [\n", "not a TOML file"),
        ("pairs = ['a:b']\n", "setting 'methods'"),
    ],
)
def test_a_bad_file_names_the_line_and_the_key(tmp_path, text, line):
    (tmp_path / "plan.toml").write_text(text)
    with pytest.raises(DataError, match=line) as caught:
        read(tmp_path / "plan.toml")
    assert "\n" not in str(caught.value)


def test_any_executor_will_do_and_a_second_call_repeats_nothing(tmp_path):
    plan = Plan(methods=("source-only", "tca"), pairs=(PAIR, OTHER), settings={"tca": {"components": 3}})
    with ThreadPoolExecutor(2) as executor:
        first = bench(plan, out=tmp_path / "bench", executor=executor)
        records = sorted(path.name for path in (tmp_path / "bench" / "records").iterdir())
        again = bench(plan, out=tmp_path / "bench", executor=executor)
    assert len(records) == 4
    assert records == sorted(path.name for path in (tmp_path / "bench" / "records").iterdir())
    assert json.dumps(again.as_json()) == json.dumps(first.as_json())
    standings = {standing.name: standing for standing in first.ranking}
    assert standings["tca components=3"].gain.over == "source-only, 1nn"
    assert standings["source-only"].gain is None


def test_a_process_loads_the_plugins_once_for_all_its_cells(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(executing, "load", lambda: calls.append(1) or load())
    executing.host_of_process.cache_clear()
    with ThreadPoolExecutor(1) as executor:
        bench(Plan(methods=("sa",), pairs=(PAIR, OTHER)), out=tmp_path, executor=executor, host=load())
    assert len(calls) == 1


def test_a_collection_is_run_for_one_task_and_says_what_it_leaves_out():
    host = load()
    classes, real = collection("shift", ("tca", "coral"), host), collection("shift", ("kmm-ridge",), host)
    assert classes.left_out == real.domains == ("shift/regression-source", "shift/regression-target")
    assert real.left_out == classes.domains and (classes.task, real.task) == ("classification", "regression")
    assert "left out are shift/regression-source, shift/regression-target" in classes.notice
    assert collection("office-caltech-surf", ("tca",), host).notice == ""


def test_gains_over_baselines_with_other_classifiers_are_told_apart():
    rows = [row("kmm", 0.8, 0.7, 0.7).model_copy(update={"classifier": "svm"}), row("deep", 0.8, 0.7, 0.7)]
    assert [standing.gain.over for standing in rank(rows) if standing.gain] == ["own, svm", "own"]


def test_a_failing_cell_is_recorded_and_the_others_go_on(wb, tmp_path):
    arguments = ("--methods", "source-only,scl", "--pairs", PAIR, "--out", str(tmp_path / "b"), "--json")
    code, out, err = wb("bench", *arguments)
    found = json.loads(out)
    assert code == 1
    assert [row["error"] is None for row in found["cells"]] == [True, False]
    assert "present or absent" in found["cells"][1]["error"]
    assert "1 of 2 runs failed" in err


def test_the_command_prints_every_format(wb, tmp_path):
    arguments = ("--methods", "tca", "--pairs", PAIR, "--set", "tca.components=3", "--out", str(tmp_path / "b"))
    code, out, _ = wb("bench", *arguments)
    assert code == 0 and "mean ± sd" in out and max(map(len, out.splitlines())) <= 100
    assert wb("bench", *arguments, "--csv")[1].splitlines()[1].startswith("tca,components=3,shift/covariate-source")
    assert "| method | mean ± sd |" in wb("bench", *arguments, "--markdown")[1]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "say what to run"),
        (("--methods", "tcaa", "--pairs", PAIR), "did you mean tca"),
        (("--methods", "tca"), "no pairs"),
        (("--methods", "tca", "--collection", "nosuch"), "no collection 'nosuch'"),
        (("--methods", "tca", "--pairs", PAIR, "--executor", "process"), "did you mean processes"),
        (("--methods", "tca", "--pairs", PAIR, "--set", "components"), "not NAME=VALUE"),
    ],
)
def test_a_wrong_command_ends_in_one_line(wb, arguments, line):
    code, _, err = wb("bench", *arguments)
    assert code == 2
    assert line in err


def test_a_pair_of_one_name_needs_two():
    with pytest.raises(UsageError, match="not SOURCE:TARGET"):
        Plan.parse({"methods": ["tca"], "pairs": ["a"]})


@pytest.mark.slow
def test_killed_at_random_moments_it_ends_in_the_same_table(tmp_path):
    plan = Plan(methods=("tca", "sa"), pairs=(PAIR, OTHER), seeds=2, settings={"tca": {"components": 3}})
    with ThreadPoolExecutor(1) as executor:
        whole = bench(plan, out=tmp_path / "whole", executor=executor)
    command = [
        sys.executable,
        "-m",
        "workbench",
        "bench",
        "--methods",
        "tca,sa",
        "--pairs",
        f"{PAIR},{OTHER}",
        "--seeds",
        "2",
    ]
    command += ["--set", "tca.components=3", "--jobs", "2", "--out", str(tmp_path / "killed"), "--json"]
    chance = random.Random(0)
    finished = []
    for _ in range(3):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(chance.uniform(3, 7))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        cells = tmp_path / "killed" / "cells"
        finished.append({path.name for path in cells.glob("*.json")} if cells.is_dir() else set())
    assert all(earlier <= later for earlier, later in itertools.pairwise(finished))
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert scores(json.loads(done.stdout)) == scores(json.loads(json.dumps(whole.as_json())))


def row(method, value, baseline, reference, source="a", scale=None):
    """A cell that ran, with one figure."""
    scale = scale or Scale("accuracy")
    estimates = [Estimate(x, x, x) for x in (value, baseline, reference)]
    compared = Comparison(
        {"f": scale}, {"f": estimates[1]}, {"f": estimates[0]}, {"f": Difference(value - baseline, 0, 0, 1)}, "x"
    )
    plain = Reference(method="plain", scores={"f": estimates[2]}, difference={}, verdict="x")
    return CellResult(
        method=method, source=source, target="t", seed=0, baseline="own", comparison=compared, reference=plain
    )


def test_lower_errors_stand_first_where_lower_is_better():
    error = Scale("RMSE", "number", higher_is_better=False)
    ranking = rank([row("far", 41.43, 50.0, 60.0, scale=error), row("near", 21.26, 50.0, 60.0, scale=error)])
    assert [standing.name for standing in ranking] == ["near", "far", "own (of far, near)", "plain (plain reference)"]
    lines = ranking_cells(ranking)
    assert lines[0][1] == "21.26 ± 0.0000" and lines[0][2] == "-28.74" and lines[0][4] == "own"


def test_a_gain_over_a_weak_baseline_stands_beside_the_common_reference():
    rows = [row("deep", 0.80, 0.69, 0.80, s) for s in "ab"] + [row("tca", 0.87, 0.80, 0.80, s) for s in "ab"]
    standings = {standing.name: standing for standing in rank(rows)}
    assert standings["deep"].gain.value == pytest.approx(0.11)
    assert standings["deep"].over_reference.value == pytest.approx(0.0)
    assert standings["own (of deep)"].mean == pytest.approx(0.69)
    assert standings["own (of tca)"].over_reference.value == pytest.approx(0.0)


def test_another_version_of_a_plugin_runs_its_cells_again():
    cell = Plan(methods=("tca",), pairs=(PAIR,)).cells({})[0]
    versions = [PluginVersion(name="p", distribution="d", version=version) for version in ("1", "2")]
    assert cell.key_with([versions[0]]) != cell.key_with([versions[1]])
    assert cell.key_with([versions[0]]) == cell.key_with([versions[0]])


def double_or_die(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


@pytest.mark.slow
def test_a_killed_worker_takes_no_other_cell_with_it():
    calls = {number: (double_or_die, number) for number in range(6)}
    results = dict(results_of_pools(calls, lambda jobs: ProcessPoolExecutor(jobs), 2))
    assert results == {number: None if number == 3 else 2 * number for number in range(6)}


def test_a_bench_is_a_data_frame_too(tmp_path):
    pandas = pytest.importorskip("pandas")
    with ThreadPoolExecutor(1) as executor:
        result = bench(Plan(methods=("sa",), pairs=(PAIR,)), out=tmp_path / "b", executor=executor)
    frame = result.as_frame()
    assert isinstance(frame, pandas.DataFrame) and set(frame["figure"]) == {"accuracy", "macro_f1"}
    assert frame["value"].iloc[0] == result.cells[0].value.value
