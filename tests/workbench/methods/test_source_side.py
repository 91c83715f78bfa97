"""Held-out source examples take the source's way through a model, not the target's."""

import numpy as np
import pytest

from workbench.data.domains import Domain, Problem
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress

generator = np.random.default_rng(0)
LABELS = np.repeat([0, 1, 2], 40)
SOURCE = generator.normal(size=(120, 6)) + LABELS[:, None]
TARGET = 2 * (generator.normal(size=(90, 6)) + np.repeat([0, 1, 2], 30)[:, None]) + 3
PROBLEM = Problem(
    "classification",
    (Domain("s", "classification", SOURCE, LABELS, ("a", "b", "c")),),
    Domain("t", "classification", TARGET),
)


@pytest.mark.parametrize("name", ["source-only", "coral", "sa", "sda", "gfk", "tca", "jda"])
def test_the_nearest_neighbour_of_a_source_example_that_was_fitted_is_itself(name):
    """However far apart the domains are, and however they are scaled and moved."""
    host = load()
    method = make(host.methods.get(name, "classification"), {"classifier": "1nn", "scaling": "per-domain"}, host)
    model = method.fit(PROBLEM, Progress())
    assert (model.predict_source(SOURCE).labels == LABELS).all()
    assert (model.predict(SOURCE).labels != LABELS).any(), "the target's way is another"


def test_a_network_standardises_the_source_by_the_source():
    pytest.importorskip("torch")
    host = load()
    model = make(host.methods.get("ddc", "classification"), {"standardise": "each"}, host).fit(PROBLEM, Progress())
    there, here = (np.mean(predict(SOURCE).labels == LABELS) for predict in (model.predict, model.predict_source))
    assert here > there + 0.2
