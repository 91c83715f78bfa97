"""Digits without any download, and pixels as features."""

import numpy as np
import pytest

from wb_image.pixels import Pixels
from workbench.data.opening import open_corpus
from workbench.errors import DataError
from workbench.plugins.loading import load


@pytest.mark.parametrize(("name", "n"), [("digits", 1797), ("fonts?n=200", 200), ("fonts?n=50&size=28", 50)])
def test_every_generated_digit_is_there_with_its_label(name, n):
    found = open_corpus(name, load()).examples("test", True)
    size = 28 if "28" in name else 16
    assert found.inputs.shape == (n, size, size)
    assert found.inputs.dtype == np.uint8
    assert set(found.labels) == set("0123456789")


def test_fonts_come_out_the_same_for_a_seed_and_differ_between_seeds():
    def draw(name):
        return open_corpus(name, load()).examples("test", False).inputs

    np.testing.assert_array_equal(draw("fonts?n=20&seed=1"), draw("fonts?n=20&seed=1"))
    assert not np.array_equal(draw("fonts?n=20&seed=1"), draw("fonts?n=20&seed=2"))


def test_digits_can_be_told_apart_in_fonts():
    from sklearn.neighbors import KNeighborsClassifier

    found = open_corpus("fonts?n=1500", load()).examples("test", True)
    x, y = found.inputs.reshape(1500, -1) / 255.0, np.array(found.labels)
    assert KNeighborsClassifier(3).fit(x[:1200], y[:1200]).score(x[1200:], y[1200:]) > 0.85


def test_images_of_different_sizes_are_refused():
    with pytest.raises(DataError, match="different sizes"):
        Pixels().fit([np.zeros((2, 2)), np.zeros((3, 2))])
    with pytest.raises(DataError, match="3 × 3 where 2 × 2"):
        Pixels().fit(np.zeros((1, 2, 2))).transform(np.zeros((1, 3, 3)))


def test_a_run_from_fonts_to_digits(wb):
    code, out, _ = wb("run", "jda", "--src", "fonts?n=400", "--tgt", "digits", "--kernel", "primal", "--json")
    assert code == 0
    assert '"verdict": "positive"' in out
