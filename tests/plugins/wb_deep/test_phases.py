"""Methods that train their parts in turns, and those that see changed examples."""

import copy

import pytest
import torch
from torch.nn import functional

from wb_deep.bodies.networks import Network
from wb_deep.losses.augmenting import strong, weak
from wb_deep.losses.predictions import discrepancy
from wb_deep.methods.adda import ADDA
from wb_deep.methods.dann import DANN
from wb_deep.methods.fixmatch import FixMatch
from wb_deep.methods.mcd import MCD
from wb_deep.training.data import Data
from wb_deep.training.devices import place_for
from wb_deep.training.engine import train
from wb_deep.training.loss import Phase, Step
from wb_deep.training.optimising import new_optimiser
from wb_deep.training.options import Training
from wb_deep.training.steps import Stepper, cross_entropy
from workbench.progress import Progress


def taken(loss, choose, progress=0.9, network=None):
    """The parts of a network and of the loss that one step moves, with the phases that ``choose`` takes of its own."""
    torch.manual_seed(0)
    network = network or Network((1, 8, 8), 3)
    loss.state = loss.new_state(network, 3)
    x = torch.randn(12, 1, 8, 8)
    data = Data(x, torch.arange(12) % 3, x + 1)
    place = place_for("cpu", "single")
    training = Training(1, 12, 1e-2, weight=1.0)
    optimiser = new_optimiser(training, network, loss)
    stepper = Stepper(network, data, training, loss, None, cross_entropy, place, optimiser)
    before = {part: [p.detach().clone() for p in values] for part, values in stepper.parts.items()}
    phases = choose(loss.phases(progress))
    loss.phases = lambda _: phases
    rates = [group["lr"] for group in optimiser.param_groups]
    stepper.step([torch.arange(12), torch.arange(12)], progress, rates)
    return {
        part
        for part, values in stepper.parts.items()
        if any(not torch.equal(a, b) for a, b in zip(before[part], values, strict=True))
    }


def test_the_discrepancy_is_the_mean_difference_of_probabilities():
    first, second = torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0, 0.0]])
    p = first.softmax(1)[0, 0].item()
    assert discrepancy(first, second).item() == pytest.approx(p - 0.5)
    assert discrepancy(first, first).item() == 0.0


@pytest.mark.parametrize(("phase", "moved"), [(0, {"head", "body", "loss"}), (1, {"head", "loss"}), (2, {"body"})])
def test_each_step_of_mcd_moves_its_own_parts(phase, moved):
    assert taken(MCD(), lambda phases: (phases[phase],)) == moved


def test_a_phase_whose_parts_are_frozen_moves_nothing():
    network = Network((1, 8, 8), 3)
    network.body.requires_grad_(False)
    assert taken(MCD(), lambda phases: (phases[2],), network=network) == set()


def test_addas_classifier_and_source_encoder_rest_while_the_target_encoder_moves():
    method, network = ADDA(), Network((1, 8, 8), 3)
    assert [phase.moves for phase in method.phases(0.1)] == [()]
    before = copy.deepcopy(network.state_dict())
    assert taken(method, lambda phases: phases, network=network) == {"body", "loss"}
    assert all(not p.requires_grad for p in method.state.source.parameters())
    assert all(torch.equal(before[name], value) for name, value in method.state.source.named_parameters())
    assert not torch.equal(network.body[0].weight, before["body.0.weight"])


def test_a_phase_may_be_repeated():
    calls = []

    class Counted(MCD):
        def loss(self, step):
            calls.append(1)
            return super().loss(step)

    method = Counted()
    taken(method, lambda _: (Phase(method.loss, supervised=False, moves=("body",), repeats=4),))
    assert len(calls) == 4


def test_fixmatch_teaches_only_sure_labels_to_the_strong_view(made):
    method = made(FixMatch, threshold=0.9)
    sure, unsure = torch.tensor([4.0, 0.0]), torch.tensor([0.2, 0.0])
    strong_view = torch.tensor([[0.5, 1.0], [3.0, -3.0]])
    logits = torch.cat([torch.stack([sure, unsure]), strong_view])
    nothing = torch.zeros(0)
    loss = method.loss(Step(nothing, nothing, nothing, logits, nothing, 0.5))
    expected = functional.cross_entropy(strong_view[:1], torch.tensor([0])) / 2
    assert loss.item() == pytest.approx(expected.item())
    assert method.after_epoch() == {"sure": 0.5}


@pytest.mark.parametrize("change", [weak, strong])
def test_changes_keep_shape_and_scale(change):
    torch.manual_seed(1)
    for x in (torch.randn(5, 1, 16, 16), torch.randn(5, 7)):
        changed = change(x)
        assert changed.shape == x.shape
        assert not torch.equal(changed, x)
        assert changed.isfinite().all()
        assert changed.abs().max() <= 2.5 * x.abs().max()
    pictures = torch.randint(256, (5, 3, 16, 16), dtype=torch.uint8)
    changed = change(pictures)
    assert changed.shape == pictures.shape and changed.min() >= 0 and changed.max() <= 1


@pytest.mark.parametrize("method", [MCD, ADDA, FixMatch], ids=lambda m: m.__name__)
def test_methods_in_turns_learn_the_source(method, problem):
    given = problem()
    model = method(method.Params(epochs=8, batch_size=16)).fit(given, Progress())
    said = model.predict(problem(shift=0.0).source.inputs).labels
    assert (said == given.source.labels).mean() > 0.8


@pytest.mark.parametrize(("lengths", "passes"), [(None, [24]), (torch.full((12,), 8), [12, 12])])
def test_sequences_of_the_two_domains_are_not_padded_to_each_other(lengths, passes):
    seen = []

    class Watched(Network):
        def features(self, x):
            seen.append(len(x))
            return super().features(x)

    x = torch.randn(12, 1, 8, 8)
    data = Data(x, torch.arange(12) % 3, x + 1, lengths, lengths)
    network, method = Watched((1, 8, 8), 3), DANN()
    method.state = method.new_state(network, 3)
    train(network, data, Training(1, 12, 1e-2), 0, method)
    assert seen == passes
