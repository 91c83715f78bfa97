"""A bench: its plan, what a failing cell leaves alone, resuming after kill -9, any executor, its tables."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.benching import Plan, bench
from workbench.benching.plan import read
from workbench.errors import DataError, UsageError

PAIR = "shift/covariate-source:shift/covariate-target"
OTHER = "shift/subspace-source:shift/subspace-target"


def scores(found):
    """What must not depend on how the bench got there."""
    return [(row["method"], row["source"], row["seed"], row["scores"], row["verdict"]) for row in found["cells"]]


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
    assert again == first
    entries = {entry["method"]: entry for entry in first["ranking"]}
    assert "gain" in entries["tca"] and "gain" not in entries["source-only"]


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
    assert scores(json.loads(done.stdout)) == scores(json.loads(json.dumps(whole)))
