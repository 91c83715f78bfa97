"""Optimisers, schedules, early ends and precisions."""

import numpy as np
import pytest
import torch

from wb_deep.bodies.networks import Network
from wb_deep.bodies.numbers import Numbers
from wb_deep.methods.dann import DANN
from wb_deep.methods.mcc import MCC
from wb_deep.methods.network import SourceNetwork
from wb_deep.training.optimising import factor, new_optimiser
from wb_deep.training.options import Training
from workbench.data.domains import Domain
from workbench.errors import UsageError
from workbench.progress import Progress


@pytest.mark.parametrize("done", [0.0, 0.25, 0.999])
def test_the_papers_schedule(done):
    assert factor("inverse", done) == pytest.approx((1 + 10 * done) ** -0.75)
    assert factor("constant", done) == 1.0


def test_the_linear_schedule_rises_and_falls():
    assert factor("linear", 0.0) < 0.05
    assert factor("linear", 0.1) == pytest.approx(1.0, abs=0.02)
    assert factor("linear", 0.999) < 0.01


def test_sgd_has_momentum():
    network = Network((4,), 2)
    found = new_optimiser(Training(1, 2, 0.01, optimiser="sgd"), network)
    assert isinstance(found, torch.optim.SGD)
    assert {group["momentum"] for group in found.param_groups} == {0.9}


def test_patience_ends_a_training_that_its_selector_likes_no_better(problem):
    given = problem()
    model = SourceNetwork(SourceNetwork.Params(epochs=40, batch_size=16, keep="entropy", patience=2)).fit(
        given, Progress()
    )
    scores = [row["score"] for row in model.notes["trace"]]
    best = max(range(len(scores)), key=lambda i: (scores[i], i))
    assert len(scores) in (best + 3, 40)


def test_patience_needs_a_selector(problem):
    with pytest.raises(UsageError, match="give --keep NAME too"):
        SourceNetwork(SourceNetwork.Params(patience=2)).fit(problem(), Progress())


def test_half_precision_learns_much_the_same(problem):
    pytest.importorskip("accelerate", reason="accelerate is not installed")
    given = problem()
    full, half = (
        MCC(MCC.Params(epochs=8, batch_size=16, precision=precision))
        .fit(given, Progress())
        .predict(given.source.inputs)
        for precision in ("single", "bf16")
    )
    assert (full.labels == given.source.labels).mean() > 0.9
    assert (half.labels == full.labels).mean() > 0.9


def test_each_domain_is_standardised_by_its_own_values_or_by_the_sources():
    generator = np.random.default_rng(0)
    x, labels = generator.random((20, 6, 6), dtype=np.float32), np.arange(20) % 2
    source = Domain("a", "classification", x, labels, ("no", "yes"))
    target = Domain("b", "classification", 3 * x + 2)
    apart, together = Numbers(standardise="each"), Numbers()
    both = apart.data(source, target)
    torch.testing.assert_close(both.source, both.target)
    other = together.data(source, target)
    torch.testing.assert_close(other.source, both.source)
    shifted = (3 * torch.from_numpy(x)[:, None] + 2 - float(x.mean())) / float(x.std(ddof=1))
    torch.testing.assert_close(other.target, shifted, rtol=1e-4, atol=1e-4)
    network = apart.network(2).eval()
    with torch.no_grad():
        expected = network(both.target).softmax(1).numpy()
    np.testing.assert_allclose(apart.predict(network, target.inputs, ("no", "yes")).probabilities, expected, atol=1e-6)
    spread = Numbers(standardise="spread").data(source, target)
    torch.testing.assert_close(spread.source, torch.from_numpy(x)[:, None] / float(x.std(ddof=1)))
    torch.testing.assert_close(
        spread.target, torch.from_numpy(target.inputs)[:, None] / float(target.inputs.std(ddof=1))
    )
    assert DANN.Params().standardise == "each" and "standardise" not in SourceNetwork.Params.model_fields
