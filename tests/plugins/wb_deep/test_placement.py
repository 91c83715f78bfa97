"""Deep domain confusion at the layer where the domains differ least."""

import numpy as np
import pytest
import torch

from wb_deep.bodies.networks import Network
from wb_deep.losses.kernels import gaussian_kernel, mmd
from wb_deep.losses.placement import stage_distances
from wb_deep.methods.ddc import DDC
from wb_deep.training.loss import Step
from workbench.data.domains import Domain, Problem
from workbench.progress import Progress


@pytest.fixture
def network():
    torch.manual_seed(0)
    return Network((1, 8, 8), 3).eval()


def test_the_distance_of_a_stage_is_that_of_its_outputs(network):
    x, z = torch.randn(20, 1, 8, 8), torch.randn(30, 1, 8, 8) + 1
    outputs, joint = [], torch.cat([x, z])
    with torch.no_grad():
        for module in network.body:
            joint = module(joint)
            if isinstance(module, torch.nn.ReLU):
                outputs.append(joint.flatten(1).double())
    expected = [float(mmd(gaussian_kernel(output), 20)) for output in outputs]
    assert stage_distances(network, x, z, 0) == pytest.approx(expected, rel=1e-3)
    assert len(expected) == 3 and not any(module._forward_hooks for module in network.modules())


def test_a_layer_that_cannot_tell_the_domains_apart_has_no_distance(network):
    with torch.no_grad():
        network.body[9].weight.zero_()
    found = stage_distances(network, torch.randn(40, 1, 8, 8), torch.randn(40, 1, 8, 8) + 2, 0)
    assert found[2] == pytest.approx(0, abs=1e-6) and min(found[:2]) > 0.01


@pytest.mark.parametrize("norm", ["joint", "separate"])
@pytest.mark.parametrize("stage", [1, 2, 3])
def test_the_loss_is_of_the_chosen_stage(network, stage, norm):
    method = DDC(DDC.Params(steepness=0.0, shares=0.0, bandwidth=1.0, placement="search"))
    method.stage = stage
    method.state = method.new_state(network, 3)
    x, z = torch.randn(6, 1, 8, 8), torch.randn(4, 1, 8, 8)
    network.train()
    outputs = []
    hook = network.stages[stage - 1].register_forward_hook(lambda _, __, output: outputs.append(output.flatten(1)))
    if norm == "joint":
        features = network.features(torch.cat([x, z]))
        source, target = features[:6], features[6:]
    else:
        source, target = network.features(x), network.features(z)
    step = Step(source, target, network.head(source), network.head(target), torch.zeros(6, dtype=torch.long), 0.5)
    found = method.loss(step)
    torch.testing.assert_close(found, mmd(gaussian_kernel(torch.cat(outputs)), 6))
    found.backward()
    assert network.body[0].weight.grad.abs().sum() > 0
    hook.remove()


def test_the_search_takes_the_least_distance_and_says_so(images):
    (x, y), (z, _) = images(90, 1), images(70, 2, 0.5)
    source = Domain("a", "classification", x, y, ("one", "three", "two"))
    problem = Problem("classification", (source,), Domain("b", "classification", z), seed=0)
    model = DDC(DDC.Params(epochs=2, batch_size=16, placement="search")).fit(problem, Progress())
    distances = model.notes["mmd"]
    assert len(distances) == 3 and model.notes["placement"] == int(np.argmin(distances)) + 1
    assert not any(module._forward_hooks for module in model.network.modules())
    last = DDC(DDC.Params(epochs=2, batch_size=16)).fit(problem, Progress())
    assert "placement" not in last.notes
    if model.notes["placement"] < 3:
        assert not torch.equal(last.network.head.weight, model.network.head.weight)
