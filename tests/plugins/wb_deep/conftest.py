"""Tests of deep methods need torch; without it they are skipped with a reason."""

import importlib.util

import pytest

if importlib.util.find_spec("torch") is None:
    collect_ignore_glob = ["test_*.py"]


def pytest_report_header():
    if importlib.util.find_spec("torch") is None:
        return "deep methods are left out: torch is not installed"
    return None


@pytest.fixture
def step():
    """A small joint step in double precision, with gradients on features and logits."""
    import torch

    from wb_deep.training.loss import Step

    def make(n=7, m=5, width=6, classes=3, progress=0.4, seed=0):
        generator = torch.Generator().manual_seed(seed)

        def values(rows, columns):
            return torch.randn(rows, columns, dtype=torch.float64, generator=generator).requires_grad_()

        labels = torch.arange(n) % classes
        return Step(values(n, width), values(m, width), values(n, classes), values(m, classes), labels, progress)

    return make


@pytest.fixture(scope="session")
def images():
    """Small pictures of three classes, each with its own bright stripe, and their labels."""
    import numpy as np

    def make(n, seed, shift=0.0):
        generator = np.random.default_rng(seed)
        labels = generator.integers(0, 3, size=n)
        x = generator.normal(size=(n, 8, 8)) * 0.3 + shift
        for c in range(3):
            x[labels == c, 2 * c : 2 * c + 2] += 1.0
        return x.astype(np.float32), labels

    return make


@pytest.fixture(scope="session")
def problem(images):
    """The same stripes in two domains, the target ``shift`` brighter."""
    from workbench.data.domains import Domain, Problem

    def make(n=90, m=70, shift=0.5, seed=0):
        (x, y), (z, _) = images(n, 1), images(m, 2, shift)
        source = Domain("a", "classification", x, y, ("one", "three", "two"))
        return Problem("classification", (source,), Domain("b", "classification", z), seed=seed)

    return make


@pytest.fixture
def made():
    """A method with the state that its loss has as a fit begins; without ramp or shares, unless told."""
    from types import SimpleNamespace

    def make(method, classes=3, width=6, **settings):
        plain = {"steepness": 0.0, "shares": 0.0, "layers": "features", "temperature": 1.0}
        fields = method.Params.model_fields
        given = {**{name: value for name, value in plain.items() if name in fields}, **settings}
        loss = method(method.Params(**given))
        loss.state = loss.new_state(SimpleNamespace(width=width), classes)
        return loss

    return make
