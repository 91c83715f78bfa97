"""Each check on pairs in which the answer is planted, and on pairs in which there is nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from wb_diagnosis.checks.apart import DomainsApart
from wb_diagnosis.checks.class_shares import ClassShares
from wb_diagnosis.checks.conditional import ConditionalShift
from wb_diagnosis.checks.counterparts import Counterparts
from wb_diagnosis.checks.differences import Differences
from wb_diagnosis.checks.duplicates import Duplicates
from wb_diagnosis.checks.form import Form
from wb_diagnosis.checks.power import Power
from wb_diagnosis.checks.vocabulary import Vocabulary
from wb_diagnosis.diagnosing import finding_of
from workbench.data.checks import Check, Finding
from workbench.data.domains import Domain, Problem
from workbench.data.pairs import Pair

ALIKE = [DomainsApart, Differences, ClassShares, Counterparts, Vocabulary, Duplicates, Form]


def finding(check: type[Check], source: Any, target: Any, host: Any, labels: Any = None, **choices: Any) -> Finding:
    """What a check finds in the pair of these inputs."""
    return finding_of(check, pair(source, target, host, labels, **choices))


def pair(source: Any, target: Any, host: Any, labels: Any = None, classes: Any = None, **choices: Any) -> Pair:
    """A pair for classification; by default with two classes in turn."""
    n = source.shape[0] if hasattr(source, "shape") else len(source)
    labels = np.arange(n) % 2 if labels is None else np.asarray(labels)
    names = classes or tuple(f"class {i}" for i in range(int(labels.max()) + 1))
    labelled = Domain("s", "classification", source, labels, names)
    return Pair(Problem("classification", (labelled,), Domain("t", "classification", target)), host, **choices)


def draw(shift: float, n: int = 400, seed: int = 0) -> np.ndarray:
    """Normal points (n, 5) whose first coordinate is moved."""
    points = np.random.default_rng(seed).normal(size=(n, 5))
    points[:, 0] += shift
    return points


def clusters(labels: np.ndarray, seed: int = 0, apart: float = 4.0) -> np.ndarray:
    """Points (n, 6) of up to six classes that lie apart, one coordinate each."""
    points = np.random.default_rng(seed).normal(size=(len(labels), 6))
    points[np.arange(len(labels)), labels] += apart
    return points


def texts(n: int, seed: int, words: str = "abcdefghijklmnop", length: int = 12) -> list[str]:
    """Texts of words of one letter three times over."""
    generator = np.random.default_rng(seed)
    return [" ".join(3 * letter for letter in generator.choice(list(words), length)) for _ in range(n)]


@pytest.mark.parametrize("check", ALIKE, ids=lambda check: check.__name__)
def test_alike_domains_pass(check, host):
    labels = np.arange(600) % 3
    found = finding(check, clusters(labels), clusters(np.roll(labels, 1), 1), host, labels)
    assert found.status == "passed", found
    found = finding(check, texts(400, 0), texts(400, 1), host)
    assert found.status == "passed", found


def test_domains_apart_by_degrees(host):
    alike, between, apart = (finding(DomainsApart, draw(0), draw(s, seed=1), host) for s in (0, 1, 20))
    assert alike.status == "passed" and alike.interval[0] < 0.5 < alike.interval[1] + 0.02
    # Two normal distributions one standard deviation apart: Φ(1 / √2) = .760.
    assert between.status == "note" and between.interval[0] < 0.760 < between.interval[1]
    assert apart.status == "issue" and apart.number == 1.0 and apart.measures[0].value == 2.0
    assert apart.measures[1].p == pytest.approx(1 / 200) and alike.measures[1].p > 0.01
    assert alike.measures[2].value < apart.measures[2].value + 0.5


def test_unequal_sizes_and_scales_do_not_tell_domains_apart(host):
    found = finding(DomainsApart, draw(0, 100), draw(0, 1000, seed=1), host)
    assert found.status == "passed" and found.measures[0].value < 0.6
    stretch = np.array([1, 1000, 1, 0.001, 1])
    plain = finding(DomainsApart, draw(0), draw(1, seed=1), host)
    stretched = finding(DomainsApart, draw(0) * stretch, draw(1, seed=1) * stretch, host)
    assert stretched.number == pytest.approx(plain.number, abs=1e-9)


def test_few_examples_are_not_enough(host):
    assert finding(DomainsApart, draw(0, 3), draw(0, 3), host).status == "not applicable"


def test_the_differing_feature_and_word_are_named(host):
    found = finding(Differences, draw(0), draw(2, seed=1), host)
    assert found.status == "note" and found.number == pytest.approx(1 / 5)
    assert found.details == ("target has more: feature 1 (by 2.0 sd)",) or "feature 1 (by" in found.details[0]
    found = finding(Differences, texts(300, 0), texts(300, 1, "abcdefghijklmnopq"), host)
    assert found.details[0] == "target has more: qqq"


def test_a_planted_share_shift_lies_inside_the_interval(host):
    generator = np.random.default_rng(3)
    labels, target = generator.choice(3, 900, p=[0.4, 0.4, 0.2]), generator.choice(3, 900, p=[0.1, 0.3, 0.6])
    found = finding(ClassShares, clusters(labels, 0, 3), clusters(target, 1, 3), host, labels)
    truth = np.abs(np.bincount(target) - np.bincount(labels)).sum() / 2 / 900
    assert found.status == "issue" and found.interval[0] <= truth <= found.interval[1]


def test_an_absent_class_is_named(host):
    labels = np.arange(800) % 4
    assert finding(Counterparts, clusters(labels), clusters(labels, 1), host, labels).status == "passed"
    found = finding(Counterparts, clusters(labels), clusters(np.arange(600) % 3, 1), host, labels)
    assert found.status == "note" and "lack 1 of 4 classes: class 3" in found.message


def test_an_unknown_class_makes_target_examples_far(host):
    labels = np.arange(600) % 3
    target = clusters(labels, 1)
    target[:200, 4] += 9
    found = finding(Counterparts, clusters(labels), target, host, labels)
    assert found.status == "note" and "far from every source example" in found.message
    assert found.interval[0] < 1 / 3 + 0.05 * 2 / 3 < found.interval[1]


def test_unknown_words_are_counted_and_shown(host):
    found = finding(Vocabulary, texts(300, 0), [f"{text} zzz zzz" for text in texts(300, 1)], host)
    # Two of fourteen words are new; the share is the same for each text.
    assert found.status == "issue" and found.number == pytest.approx(2 / 14, abs=1e-9)
    assert found.details == ("most frequent: zzz",)
    constant = draw(0)
    constant[:, 2] = 7
    found = finding(Vocabulary, constant, draw(0, seed=1), host)
    assert found.status == "note" and found.number == pytest.approx(1 / 5)


@pytest.mark.parametrize("of", [np.asarray, sparse.csr_matrix], ids=["dense", "sparse"])
def test_exact_duplicates_of_vectors_are_counted(of, host):
    target = draw(0, seed=1)
    target[7], target[9] = draw(0)[3], draw(0)[5]
    found = finding(Duplicates, of(draw(0)), of(target), host)
    assert found.status == "note" and found.number == pytest.approx(2 / 400)
    assert found.interval[0] < 2 / 400 < found.interval[1]


def test_exact_and_near_duplicates_of_texts_are_counted(host):
    source, target = texts(300, 0, length=30), texts(300, 1, length=30)
    target[3] = f"  {source[8].upper()} "
    words = source[9].split()
    target[4] = " ".join([*words[:25], "xxx", *words[25:]])
    found = finding(Duplicates, source, target, host)
    assert found.number == pytest.approx(2 / 300) and "1 exactly, 1 nearly" in found.message
    assert found.details[0].startswith("e.g. “" + target[3].strip()[:20])


def test_a_source_given_as_target_is_told(host):
    found = finding(Duplicates, texts(50, 0), texts(50, 0), host)
    assert found.status == "issue" and found.number == 1.0 and "the target is the source" in found.message


def test_near_duplicates_of_images(host):
    generator = np.random.default_rng(0)
    source, target = (generator.integers(0, 256, (40, 24, 24), dtype=np.uint8) for _ in range(2))
    target[5] = np.clip(source[6].astype(int) + 9, 0, 255)
    target[6] = source[11]
    found = finding(Duplicates, source, target, host)
    assert found.number == pytest.approx(2 / 40) and "1 exactly, 1 nearly" in found.message


def test_another_scale_and_missing_values(host):
    found = finding(Form, draw(0), 255 * draw(0, seed=1), host)
    assert found.status == "issue" and "times larger in the target" in found.message
    broken = draw(0, seed=1)
    broken[0, 0], broken[1, 1] = np.nan, np.inf
    found = finding(Form, draw(0), broken, host)
    assert found.status == "issue" and "0.1% of the target's values are missing or infinite" in found.message


def test_another_language_and_markup(host):
    english = ["the cat is on the mat and it was not that which they have for us"] * 40
    german = ["die Katze ist auf der Matte und das war nicht mit dem von uns für sich"] * 40
    found = finding(Form, english, german, host)
    assert found.status == "issue" and "the source seems to be English, the target German" in found.message
    found = finding(Form, english, [f"<p>{text}</p>" for text in english], host)
    assert found.status == "issue" and "with markup: 0% of the source, 100% of the target" in found.message
    assert finding(Form, english, english[::-1], host).status == "passed"


def test_another_resolution_and_colours(host):
    generator = np.random.default_rng(0)
    colours = generator.integers(0, 256, (30, 32, 32, 3), dtype=np.uint8)
    small = generator.integers(0, 256, (30, 8, 8, 3), dtype=np.uint8)
    enlarged = np.repeat(np.repeat(small, 4, axis=1), 4, axis=2)
    grey = np.repeat(enlarged[..., :1], 3, axis=-1)
    found = finding(Form, colours, grey, host)
    assert "without colours: 0% of the source, 100% of the target" in found.message
    assert any(
        "of other sizes" in line or "larger" in line for line in finding(Form, colours, small, host).details
    ) or ("4 times larger in the source" in finding(Form, colours, small, host).message)


def test_the_smallest_visible_difference_falls_with_the_root_of_the_examples(host):
    few, many = (finding(Power, draw(0, 50), draw(0, n), host) for n in (100, 10_000))
    assert few.status == "issue" and many.status == "passed" and few.number == pytest.approx(10 * many.number)
    found = finding(Power, draw(0, 105), draw(0, 10_000), host, np.r_[np.arange(100) % 2, np.full(5, 2)])
    assert found.status == "note" and "class 2 (5)" in found.details[0]


def test_what_cannot_be_seen_is_always_said(host):
    found = finding(ConditionalShift, draw(0), draw(0, seed=1), host)
    assert found.status == "note" and "unlabelled data cannot show" in found.message


@pytest.mark.parametrize("check", ALIKE, ids=lambda check: check.__name__)
def test_checks_take_nan_sparse_and_one_class(check, host):
    broken = draw(0, 60)
    broken[0, 0] = np.nan
    for source, target in ((broken, draw(0, 60)), (sparse.csr_matrix(draw(0, 60)), sparse.random(60, 5, 0.5, "csr"))):
        assert finding(check, source, target, host).message
    assert finding(check, draw(0, 60), draw(0, 60), host, np.zeros(60, dtype=int)).message


def test_what_checks_share_is_computed_once(host):
    given, calls = pair(draw(0), draw(1), host), []

    def counted(pair):
        calls.append(pair)
        return 3

    assert given.computed(counted) == given.computed(counted) == 3 and len(calls) == 1
