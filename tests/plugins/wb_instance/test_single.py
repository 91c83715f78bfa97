"""Kernel mean matching in single precision: as double precision where it does, and double where it does not."""

import numpy as np
import pytest

from wb_instance.gaussian import FARTHEST, Scaled
from wb_instance.kmm import SINGLE_FROM, KernelMeanMatching
from wb_instance.quadratic import minimum, single_minimum
from wb_instance.weights import squared_distances

generator = np.random.default_rng(0)
N = SINGLE_FROM + 20
SOURCE = generator.normal(size=(N, 30))
TARGET = 0.8 * generator.normal(size=(400, 30)) + 0.2
WIDTH = 6.0


def kernel(left, right, width=WIDTH):
    return np.exp(-squared_distances(left, right) / (2 * width**2))


def test_the_scaled_kernel_is_the_kernel():
    centre = SOURCE.mean(axis=0)
    own = Scaled.of(SOURCE, centre, WIDTH)
    np.testing.assert_allclose(own.kernel(), kernel(SOURCE, SOURCE), atol=2e-6)
    np.testing.assert_allclose(own.sums(TARGET, centre, WIDTH), kernel(SOURCE, TARGET).sum(axis=1), rtol=2e-6)


def test_examples_too_far_out_are_left_to_double_precision():
    assert Scaled.of(SOURCE, SOURCE.mean(axis=0), WIDTH / np.sqrt(10 * FARTHEST)) is None


@pytest.mark.parametrize("bound", [1000.0, 1.5])
@pytest.mark.parametrize("sums", [(0.0, 1e9), (N * 0.3, N * 0.4), (N * 1.2, N * 1.3)])
def test_single_precision_finds_the_minimum(bound, sums):
    matrix, pull = kernel(SOURCE, SOURCE, 3.0), kernel(SOURCE, TARGET, 3.0).sum(axis=1) * N / len(TARGET)
    found = single_minimum(matrix.astype(np.float32), pull, bound, sums)
    assert found is not None
    weights, objective = found
    assert weights.min() >= 0
    assert weights.max() <= bound
    assert sums[0] - 1e-6 <= weights.sum() <= sums[1] + 1e-6
    _, best = minimum(matrix.copy(), pull, bound, sums)
    achieved = 0.5 * weights @ matrix @ weights - pull @ weights
    assert achieved <= best + 1e-7 * abs(best)
    assert objective == pytest.approx(achieved, rel=1e-6)


def test_a_kernel_too_smooth_for_single_precision_is_left_to_double():
    line, shifted = generator.normal(size=(N, 1)), generator.normal(size=(300, 1)) + 0.5
    own = Scaled.of(line, line.mean(axis=0), 2.0)
    pull = own.sums(shifted, line.mean(axis=0), 2.0) * N / 300
    assert single_minimum(own.kernel(), pull, 1000.0, (0.0, 2.0 * N)) is None
    weights = KernelMeanMatching(width=2.0).fit(line, target=shifted).weights_
    assert np.average(line[:, 0], weights=weights) == pytest.approx(shifted.mean(), abs=0.1)


def test_the_estimator_takes_the_whole_kernel_either_way():
    matching = KernelMeanMatching(width=WIDTH).fit(SOURCE, target=TARGET)
    pull = kernel(SOURCE, TARGET).sum(axis=1) * N / len(TARGET)
    _, best = minimum(kernel(SOURCE, SOURCE), pull, 1000.0, (np.sqrt(N), 2 * N - np.sqrt(N)))
    assert matching.objective_ == pytest.approx(best, rel=1e-6)
    assert matching.landmarks_ == 0
