"""Pixels as features, as they are and brought to one size."""

import numpy as np
import pytest

from wb_image.pixels import Pixels
from workbench.errors import DataError, UsageError

generator = np.random.default_rng(0)


def test_an_image_keeps_its_values_in_reading_order():
    images = generator.integers(0, 255, size=(4, 3, 5)).astype(np.uint8)
    found = Pixels().fit(images).transform(images)
    np.testing.assert_array_equal(found, [image.ravel() for image in images])


def test_half_the_size_is_near_the_mean_of_blocks_and_the_same_size_is_the_same():
    smooth = np.add.outer(np.arange(16.0), 2 * np.arange(16.0))
    found = Pixels("8").fit([smooth]).transform([smooth])[0].reshape(8, 8)
    blocks = smooth.reshape(8, 2, 8, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(found[1:-1, 1:-1], blocks[1:-1, 1:-1], atol=1e-4)
    np.testing.assert_allclose(Pixels("16").fit([smooth]).transform([smooth])[0], smooth.ravel(), atol=1e-4)


def test_images_of_any_size_colour_and_range_come_together(tmp_path):
    grey = generator.random((3, 28, 28)) * 2 - 1
    coloured = generator.integers(0, 255, size=(2, 32, 32, 3)).astype(np.uint8)
    featurizer = Pixels("16").fit([*grey, *coloured])
    assert featurizer.transform(grey).shape == (3, 256)
    even = np.full((1, 32, 32, 3), 77, np.uint8)
    np.testing.assert_allclose(featurizer.transform(even), 77, atol=1e-3)
    featurizer.save(tmp_path)
    np.testing.assert_array_equal(Pixels.load(tmp_path).transform(coloured), featurizer.transform(coloured))


def test_different_sizes_are_one_line_that_says_how_to_bring_them_together(wb, tmp_path):
    with pytest.raises(DataError, match="pixels:32"):
        Pixels().fit([np.zeros((4, 4)), np.zeros((5, 5))])
    for wrong in ("1", "x", "9999"):
        with pytest.raises(UsageError, match="pixels:16"):
            Pixels(wrong)
    for name, side in (("small", 8), ("large", 12)):
        labels = np.arange(20) % 2
        images = (generator.random((20, side, side)) * 50 + 100 * labels[:, None, None]).astype(np.uint8)
        np.savez(tmp_path / f"{name}.npz", images=images, labels=labels)
    pair = ("--src", str(tmp_path / "small.npz"), "--tgt", str(tmp_path / "large.npz"))
    code, _, err = wb("run", "coral", *pair)
    assert code != 0
    assert "--features pixels:32" in err and "unexpected" not in err
    code, _, err = wb("run", "coral", *pair, "--features", "pixels:6", "--scaling", "none", "--json")
    assert code == 0, err
    assert wb("predict", "last", "--file", str(tmp_path / "large.npz"))[0] == 0
