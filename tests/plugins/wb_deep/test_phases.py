"""Methods that train their parts in turns, and those that see changed examples."""

import copy

import pytest
import torch
from torch.nn import functional

from wb_deep.bodies.small import Network
from wb_deep.losses.augmenting import strong, weak
from wb_deep.losses.discriminators import DANN
from wb_deep.losses.predictions import FixMatch as SureLabels
from wb_deep.methods.adda import ADDA as FooledEncoder
from wb_deep.methods.loss_method import ADDA, MCD, FixMatch
from wb_deep.methods.mcd import MCD as TwoClassifiers
from wb_deep.methods.mcd import discrepancy
from wb_deep.training.data import Data
from wb_deep.training.devices import place_for
from wb_deep.training.engine import train
from wb_deep.training.optimising import new_optimiser
from wb_deep.training.options import Training
from wb_deep.training.steps import Stepper
from wb_deep.training.terms import Phase, Step
from workbench.progress import Progress


def taken(term, phases, progress=0.9):
    """The parts of a network and of the term that one step with these phases moves."""
    torch.manual_seed(0)
    network = Network((1, 8, 8), 3)
    term.attach(network)
    x = torch.randn(12, 1, 8, 8)
    data = Data(x, torch.arange(12) % 3, x + 1)
    place = place_for("cpu", "single")
    optimiser = new_optimiser("adam", network, term, 1e-2, 0.0, 0.0)
    stepper = Stepper(network, data, Training(1, 12, 1e-2, weight=1.0), term, None, place, optimiser)
    before = {part: [p.detach().clone() for p in values] for part, values in stepper.parts.items()}
    term.phases = lambda _: phases
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


@pytest.mark.parametrize(("phase", "moved"), [(0, {"head", "body", "term"}), (1, {"head", "term"}), (2, {"body"})])
def test_each_step_of_mcd_moves_its_own_parts(phase, moved):
    term = TwoClassifiers(3, 128)
    assert taken(term, (term.phases(0.5)[phase],)) == moved


def test_addas_classifier_and_source_encoder_rest_while_the_target_encoder_moves():
    term = FooledEncoder(3, 128)
    assert [phase.moves for phase in term.phases(0.1)] == [()]
    discriminate, fool = term.phases(0.9)
    assert taken(term, (discriminate, fool)) == {"body", "term"}
    frozen = copy.deepcopy(term.source.state_dict())
    assert all(not p.requires_grad for p in term.source.parameters())
    assert all(torch.equal(frozen[name], value) for name, value in term.source.state_dict().items())


def test_a_phase_may_be_repeated():
    calls = []

    class Counted(TwoClassifiers):
        def together(self, step):
            calls.append(1)
            return super().together(step)

    term = Counted(3, 128)
    taken(term, (Phase(term.together, supervised=False, moves=("body",), repeats=4),))
    assert len(calls) == 4


def test_fixmatch_teaches_only_sure_labels_to_the_strong_view():
    term = SureLabels(2, 4, threshold=0.9)
    sure, unsure = torch.tensor([4.0, 0.0]), torch.tensor([0.2, 0.0])
    strong_view = torch.tensor([[0.5, 1.0], [3.0, -3.0]])
    logits = torch.cat([torch.stack([sure, unsure]), strong_view])
    nothing = torch.zeros(0)
    loss = term(Step(nothing, nothing, nothing, logits, nothing, 0.5))
    expected = functional.cross_entropy(strong_view[:1], torch.tensor([0])) / 2
    assert loss.item() == pytest.approx(expected.item())
    assert term.end_epoch() == {"sure": 0.5}


@pytest.mark.parametrize("change", [weak, strong])
def test_changes_keep_shape_and_scale(change):
    torch.manual_seed(1)
    for x in (torch.randn(5, 1, 16, 16), torch.randn(5, 7)):
        changed = change(x)
        assert changed.shape == x.shape
        assert not torch.equal(changed, x)
        assert changed.isfinite().all()
        assert changed.abs().max() <= 2.5 * x.abs().max()


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
    train(Watched((1, 8, 8), 3), data, Training(1, 12, 1e-2), DANN(3, 128), 0, Progress())
    assert seen == passes
