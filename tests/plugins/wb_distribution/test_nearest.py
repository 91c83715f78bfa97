"""The nearest neighbour by single-precision products against a loop in double precision."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from wb_distribution import cells, nearest
from wb_distribution.cells import CellNeighbour
from wb_distribution.nearest import NearestNeighbour


def by_loop(examples, asked):
    return np.array([np.argmin(((examples - x) ** 2).sum(axis=1)) for x in asked])


@pytest.mark.parametrize("offset", [0.0, 1e3])
@pytest.mark.parametrize("tile", [16, 1024])
def test_neighbours_are_those_of_a_loop(offset, tile, monkeypatch):
    monkeypatch.setattr(nearest, "TILE", tile)
    generator = np.random.default_rng(0)
    examples, asked = generator.normal(size=(90, 5)) + offset, generator.normal(size=(70, 5)) + offset
    found = NearestNeighbour().fit(examples, np.arange(90)).neighbours(asked)
    np.testing.assert_array_equal(found, by_loop(examples, asked))


def test_close_calls_are_settled_in_double_precision():
    """Rivals whose distances differ by 1e-10, far beyond single precision; the first of equals."""
    generator = np.random.default_rng(1)
    asked = generator.normal(size=(40, 8))
    examples = np.vstack([asked + 1.0, asked + 1.0 - 1e-10, asked + 1.0 - 1e-10])
    found = NearestNeighbour().fit(examples, np.arange(120)).neighbours(asked)
    np.testing.assert_array_equal(found, by_loop(examples, asked))
    assert np.all(found < 80)


def test_labels_are_those_of_scikit_learn():
    generator = np.random.default_rng(2)
    examples, labels = generator.normal(size=(300, 20)), generator.integers(0, 4, size=300)
    asked = generator.normal(size=(200, 20)).astype(np.float32)
    mine = NearestNeighbour().fit(examples, labels).predict(asked)
    np.testing.assert_array_equal(mine, KNeighborsClassifier(1).fit(examples, labels).predict(asked))


def test_one_example_is_everybodys_neighbour():
    assert NearestNeighbour().fit(np.ones((1, 3)), np.array([7])).predict(np.zeros((4, 3))).tolist() == [7] * 4


def test_cells_leave_out_few_neighbours_and_none_up_to_a_size(monkeypatch):
    generator = np.random.default_rng(3)
    map_ = generator.normal(size=(6, 30))
    examples, asked = generator.normal(size=(3000, 6)) @ map_, generator.normal(size=(500, 6)) @ map_
    exact = NearestNeighbour().fit(examples, np.arange(3000)).neighbours(asked)
    np.testing.assert_array_equal(CellNeighbour().fit(examples, np.arange(3000)).neighbours(asked), exact)

    monkeypatch.setattr(cells, "WHOLE_UP_TO", 1000)
    found = CellNeighbour().fit(examples, np.arange(3000))
    assert len(found.centres_) == 27
    near = found.neighbours(asked)
    assert np.mean(near == exact) > 0.9
    distances = [np.linalg.norm(asked - examples[which], axis=1) for which in (near, exact)]
    assert np.all(distances[0] >= distances[1] - 1e-6) and distances[0].mean() < 1.02 * distances[1].mean()
    np.testing.assert_array_equal(found.predict(asked), near)


def test_cells_of_equal_examples(monkeypatch):
    """Cells without members are passed over."""
    monkeypatch.setattr(cells, "WHOLE_UP_TO", 50)
    examples = np.vstack([np.zeros((60, 3)), np.ones((60, 3))])
    found = CellNeighbour().fit(examples, np.repeat([4, 9], 60)).predict(np.array([[0.1, 0, 0], [0.9, 1, 1]]))
    assert found.tolist() == [4, 9]
