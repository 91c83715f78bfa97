"""The audit of selectors chooses what ``wb run --select`` chooses, and marks the oracle as a bound."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "tables" / "selecting.py"
PAIRS = ("shift/covariate-source:shift/covariate-target", "shift/subspace-source:shift/subspace-target")
GRID = {"components": [1, 2, 3], "classifier": ["logreg"]}
NAMES = ("entropy", "bnm", "mixval", "iwv", "reverse-validation")


@pytest.fixture(scope="module")
def selecting():
    specification = importlib.util.spec_from_file_location("selecting", PATH)
    module = importlib.util.module_from_spec(specification)
    sys.modules["selecting"] = module  # where its dataclasses look for their module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(selecting):
    return selecting.audit("tca", PAIRS, GRID, NAMES, {"regularisation": 0.5})


@pytest.mark.parametrize("selector", NAMES)
def test_the_choice_by_pair_is_that_of_a_run(wb, found, selector):
    for row, pair in enumerate(PAIRS):
        source, target = pair.split(":")
        arguments = ("--src", source, "--tgt", target, "--regularisation", "0.5", "--classifier", "logreg")
        code, out, err = wb("run", "tca", *arguments, "--select", selector, "--grid", "components=1,2,3", "--json")
        assert code == 0, err
        ran = json.loads(out)
        np.testing.assert_allclose(
            found.scores[selector][row], [cell["score"] for cell in ran["selection"]["candidates"]], rtol=1e-9
        )
        value = 100 * ran["scores"]["adapted"]["accuracy"]["value"]
        assert found.chosen(selector)[row] == pytest.approx(value)


def test_no_choice_beats_the_bounds_and_all_selectors_are_one_more(selecting, found):
    whole = found.with_all()
    assert set(whole.scores) == {*NAMES, selecting.ALL}
    for name in whole.scores:
        assert np.all(whole.chosen(name) <= whole.oracle)
        together = whole.chosen_together(name)
        assert whole.accuracy[:, together].mean() <= whole.accuracy.mean(axis=0).max()


def test_the_mean_rank_over_pairs_decides(selecting):
    scores = np.array([[1.0, 2.0, 3.0], [30.0, 20.0, 10.0], [1.0, 3.0, 2.0]])
    audit = selecting.Audit([{"a": 1}, {"a": 2}, {"a": 3}], np.arange(9.0).reshape(3, 3), {"one": scores})
    assert audit.chosen_together("one") == 1  # ranks 2, 2, 3
    np.testing.assert_array_equal(audit.chosen("one"), [2, 3, 7])


def test_the_page_marks_the_oracle(selecting, found):
    page = selecting._as_markdown("tca", {"regularisation": 0.5}, GRID, found.with_all())
    assert page.count("oracle") == 1
    assert "*oracle, by target labels*" in page
    assert "tca, regularisation 0.5" in page
