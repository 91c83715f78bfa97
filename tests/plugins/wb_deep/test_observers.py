"""What the loop tells its observers, and a training that was cut off between two steps of it."""

import pytest
import torch

from wb_deep.bodies.networks import Network
from wb_deep.methods.daan import DAAN
from wb_deep.training.averaging import Averaging
from wb_deep.training.best_epoch import BestEpoch
from wb_deep.training.checkpoints import Checkpoint
from wb_deep.training.data import Data
from wb_deep.training.engine import train
from wb_deep.training.observers import LoopObserver
from wb_deep.training.options import Training
from workbench.progress import Progress


class Diary(LoopObserver):
    def __init__(self):
        self.entries = []

    def begin(self, loop):
        self.entries.append(("begin", loop.done))

    def after_epoch(self, loop):
        self.entries.append(("epoch", len(loop.history.trace)))

    def after_step(self, loop):
        self.entries.append(("step", loop.done))

    def end(self, loop):
        self.entries.append(("end", loop.done))


class Cut(LoopObserver):
    """Ends a training hard after so many steps."""

    def __init__(self, step):
        self.step = step

    def after_step(self, loop):
        if loop.done == self.step:
            raise KeyboardInterrupt


def data():
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(64, 6, generator=generator)
    return Data(x, (x[:, 0] > 0).long(), torch.randn(48, 6, generator=generator) + 2)


def trained(*observers, epochs=3):
    torch.manual_seed(0)
    network, method = Network((6,), 3), DAAN()
    method.state = method.new_state(network, 3)
    trace = train(network, data(), Training(epochs, 32, 1e-2, weight=0.3), 4, method, observers)
    return network, trace


def test_an_observer_is_told_of_steps_and_epochs_in_their_order():
    diary = Diary()
    trained(diary, epochs=2)
    steps = [("step", 1), ("epoch", 1), ("step", 2), ("step", 3), ("epoch", 2), ("step", 4)]
    assert diary.entries == [("begin", 0), *steps, ("end", 4)]


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("kind", ["averaging", "best epoch"])
def test_a_training_that_was_cut_off_ends_as_the_whole_one(tmp_path, monkeypatch, cut, kind):
    """After any step, in the middle of an epoch or at its end."""
    monkeypatch.setenv("WB_CACHE", str(tmp_path))

    def observer():
        scores = iter([3.0, 1.0, 2.0] if not cut_before else [3.0, 1.0, 2.0][cut_before // 2 :])
        return Averaging(0.7) if kind == "averaging" else BestEpoch(lambda: next(scores))

    cut_before = 0
    whole, trace = trained(observer())
    with pytest.raises(KeyboardInterrupt):
        trained(observer(), Checkpoint(["a"], 0.0, Progress()), Cut(cut))
    cut_before = cut
    checkpoint = Checkpoint(["a"], 0.0, Progress())
    assert checkpoint.path.exists()
    again, other = trained(observer(), checkpoint)
    assert trace == other
    assert all(torch.equal(value, again.state_dict()[name]) for name, value in whole.state_dict().items())
    assert not checkpoint.path.exists()
