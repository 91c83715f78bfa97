"""The mean of the last weights: what is averaged, and the statistics that go with it."""

import copy

import pytest
import torch
from torch import nn

from wb_deep.bodies.networks import Network
from wb_deep.losses.state import State
from wb_deep.methods.adaptation import Adaptation
from wb_deep.training.averaging import Averaging, WeightAverage, refresh
from wb_deep.training.data import Data
from wb_deep.training.engine import train
from wb_deep.training.options import Training


class Watch(Adaptation):
    """No loss; keeps the parameters that each step begins with."""

    def __init__(self):
        super().__init__()
        self.seen, self.state = [], State()

    def loss(self, step):
        self.seen.append([parameter.detach().clone() for parameter in step.network.parameters()])
        return step.target_features.sum() * 0.0


def data():
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(64, 6, generator=generator)
    return Data(x, (x[:, 0] > 0).long(), torch.randn(64, 6, generator=generator) + 2)


def test_the_mean_is_over_the_steps_from_its_begin():
    network = nn.Linear(2, 1)
    average = WeightAverage(network, 2)
    for step in range(5):
        with torch.no_grad():
            network.weight.fill_(float(step))
        average.add(step)
    average.hand_over()
    assert torch.equal(network.weight, torch.full((1, 2), 3.0))


def test_nothing_added_leaves_the_network_alone():
    network = nn.Linear(2, 1)
    before = copy.deepcopy(network.state_dict())
    WeightAverage(network, 9).hand_over()
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_a_training_ends_in_the_mean_of_its_second_half():
    torch.manual_seed(0)
    network, watch = Network((6,), 3), Watch()
    start = copy.deepcopy(network)
    train(network, data(), Training(5, 16, 1e-2, weight=1.0), 0, watch, [Averaging(0.5)])
    torch.manual_seed(0)
    last = copy.deepcopy(start)
    train(last, data(), Training(5, 16, 1e-2, weight=1.0), 0, Watch())
    after = [*watch.seen[1:], list(last.parameters())]  # what each of the 20 steps left
    assert len(after) == 20
    for number, parameter in enumerate(network.parameters()):
        expected = torch.stack([step[number].detach() for step in after[10:]]).mean(0)
        torch.testing.assert_close(parameter.detach(), expected)


@pytest.mark.parametrize("joint", [True, False])
def test_statistics_are_those_of_what_the_training_saw(joint):
    torch.manual_seed(0)
    network, given = Network((6,), 3), data()
    refresh(network, given, joint, 0)
    with torch.no_grad():
        source, target = (network.body[0](x).mean(0) for x in (given.source, given.target))
    expected = (source + target) / 2 if joint else source
    torch.testing.assert_close(network.body[1].running_mean, expected, rtol=1e-4, atol=1e-4)
    assert not network.training
