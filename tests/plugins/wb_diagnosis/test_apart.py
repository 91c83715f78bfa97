"""How far domains are told apart: known cases, and that no target label is needed."""

import json

import numpy as np
import pytest

from wb_diagnosis.apart import DomainsApart, interval
from workbench.data.domains import Domain, Problem
from workbench.methods.measures import proxy_a_distance


def finding(source, target, host):
    labels = np.arange(len(source)) % 2
    labelled = Domain("s", "classification", source, labels, ("a", "b"))
    return DomainsApart().check(Problem("classification", (labelled,), Domain("t", "classification", target)), host)


def draw(shift, n=400, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 5)) + shift


def test_alike_apart_and_between(host):
    alike, between, apart = (finding(draw(0), draw(shift, seed=1), host) for shift in (0, 1, 20))
    assert alike.status == "note" and alike.interval[0] == 0 and "cannot be told apart" in alike.message
    assert between.status == "passed" and alike.number < between.number < apart.number
    assert apart.status == "issue" and apart.number == 2.0 and apart.interval[1] == 2.0
    assert all(f.interval[0] <= f.number <= f.interval[1] for f in (alike, between, apart))


def test_unequal_sizes_make_no_distance(host):
    """With ten times as many target examples a classifier that always says target would err rarely."""
    source, target = draw(0, 100), draw(0, 1000, seed=1)
    assert finding(source, target, host).number < 0.6 < 1.5 < proxy_a_distance(source, target)


def test_the_scale_of_a_feature_says_nothing(host):
    stretch = np.array([1, 1000, 1, 0.001, 1])
    plain = finding(draw(0), draw(1, seed=1), host)
    assert finding(draw(0) * stretch, draw(1, seed=1) * stretch, host).number == pytest.approx(plain.number, abs=1e-9)


def test_few_examples_are_not_enough(host):
    assert finding(draw(0, 3), draw(0, 3), host).status == "not applicable"


def test_the_interval_narrows_with_examples():
    wide, narrow = interval(1.0, 100), interval(1.0, 10_000)
    assert wide[1] - wide[0] > 5 * (narrow[1] - narrow[0])


def test_the_command_makes_every_check(wb):
    code, out, err = wb("diagnose", "--src", "shift/covariate-source", "--tgt", "shift/covariate-target", "--json")
    assert code == 0, err
    (found,) = json.loads(out)
    assert found["code"] == "WB101" and found["status"] == "passed"
    code, out, _ = wb("diagnose", "--src", "wsj@embedded", "--tgt", "medline@embedded")
    assert code == 0 and out.startswith("not applicable WB101")
    code, _, err = wb("diagnose", "--src", "wsj@embedded", "--tgt", "shift/covariate-target")
    assert code == 2 and "is for tagging but" in err
