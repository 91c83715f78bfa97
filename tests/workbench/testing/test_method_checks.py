"""The kit catches methods that cheat, forget, or do not say what they are."""

import pickle

import numpy as np
import pytest
from pydantic import Field

from workbench import FeatureMethod, load
from workbench.data.domains import Predictions
from workbench.methods.contract import Method, Model
from workbench.methods.feature_method import Adapted
from workbench.plugins.entries import MethodEntry
from workbench.settings import Settings
from workbench.testing import assert_conforms
from workbench.testing.methods import RESERVED, check_method
from workbench.testing.plain_files import is_pickle


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


class Kept(Honest):
    """A method that fits one kind of model."""

    def fit(self, problem, progress):
        return self.model()


def entry_of(method, **more):
    about = {"name": "x", "plugin": "test", "task": "classification", "family": "x", "summary": "x", **more}
    return MethodEntry(factory=method, **about)


def outcome(method, **more) -> dict[str, str]:
    host = load()
    entry = entry_of(method, **more)
    host.methods.add(entry)
    return {check.name: check.detail for check in check_method(entry, host) if not check.passed}


def test_an_honest_method_passes():
    assert outcome(Honest) == {}


def test_chance_is_caught():
    class Dice(Honest):
        def fit(self, problem, progress):
            return Constant(int.from_bytes(np.random.bytes(2)) % 3)

    assert any("deterministic" in outcome(Dice) for _ in range(6))


def test_chance_in_the_probabilities_alone_is_caught():
    class Wavering(Constant):
        def __init__(self, *given):
            super().__init__(*given)
            self.shift = np.random.random() / 100

        def predict(self, inputs):
            p = np.tile([0.8 + self.shift, 0.1, 0.1 - self.shift], (len(inputs), 1))
            return Predictions(np.zeros(len(inputs), dtype=int), self.classes, p)

    class Careless(Kept):
        model = Wavering

    found = outcome(Careless)
    assert "in their probabilities" in found["deterministic"]
    assert "in their probabilities" in found["save, load, predict on new data"]


def test_a_pickle_is_caught():
    class Pickling(Constant):
        def save(self, folder):
            super().save(folder)
            (folder / "model.json.bin").write_bytes(pickle.dumps(self.label))

    class Careless(Kept):
        model = Pickling

    assert "unpickling" in outcome(Careless)["save, load, predict on new data"]


def test_a_model_that_forgets_is_caught():
    class Forgetful(Constant):
        @classmethod
        def load(cls, folder, host):
            return cls(2)

    class Careless(Kept):
        model = Forgetful

    assert "loaded model predicts differently" in outcome(Careless)["save, load, predict on new data"]


class Mute(Settings):
    strength: float = 1.0


class Unbounded(Settings):
    strength: float = Field(1.0, description="How strong.")


class Taken(Settings):
    seed: int = Field(0, ge=0, description="The seed.")


@pytest.mark.parametrize(
    ("params", "complaint"), [(Mute, "no description"), (Unbounded, "without bounds"), (Taken, "option of 'wb run'")]
)
def test_settings_that_cannot_be_offered_are_caught(params, complaint):
    assert complaint in outcome(type("Wrong", (Honest,), {"Params": params}))["contract"]


def test_a_baseline_that_is_not_there_is_caught():
    assert "no method 'nothing' for classification" in outcome(Honest, baseline="nothing")["contract"]
    assert "no method 'tagger' for classification" in outcome(Honest, companions=("tagger",))["contract"]
    assert outcome(Honest, baseline="source-only") == {}


def test_every_option_of_wb_run_is_reserved():
    from workbench.cli.run import COMMON

    flags = {flag.lstrip("-").replace("-", "_") for option in COMMON for flag in option.opts if flag.startswith("--")}
    assert {*flags, *(option.name for option in COMMON)} <= RESERVED


def test_changing_the_inputs_is_caught():
    class Vandal(Honest):
        def fit(self, problem, progress):
            problem.source.inputs[0] = -1
            return Constant()

    assert "read-only" in outcome(Vandal)["fits and predicts"]


def test_writing_into_the_features_is_caught():
    class Vandal(FeatureMethod):
        def adapt(self, source, labels, target, problem):
            from sklearn.preprocessing import FunctionTransformer

            target += 5
            return Adapted(source, FunctionTransformer().fit(target))

    assert "read-only" in outcome(Vandal)["fits and predicts"]


def test_reading_the_targets_labels_from_disk_is_caught():
    """By its name, which the host opens for everybody; what the problem holds is innocent."""

    class Knowing(Constant):
        def __init__(self, label=0, classes=("one", "three", "two"), answers=()):
            super().__init__(label, classes)
            self.answers = answers

        def predict(self, inputs):
            return Predictions(np.resize(np.array(self.answers or [self.label]), len(inputs)), self.classes)

    class Cheat(Honest):
        model = Knowing

        def fit(self, problem, progress):
            from workbench.data.opening import find, open_corpus

            if find(problem.target.name, self.host) is None:
                return Knowing()
            task = self.host.tasks.get(problem.task).load()()
            gold = open_corpus(problem.target.name, self.host).labelled("test", task)
            return Knowing(answers=list(gold.labels))

    found = outcome(Cheat)
    assert list(found) == ["labels on disk not read"]
    assert "labels on disk" in found["labels on disk not read"]


def test_looking_at_the_other_examples_is_caught():
    class Neighbourly(Constant):
        def predict(self, inputs):
            return Predictions(np.arange(len(inputs)) % 3, self.classes)

    class Careless(Kept):
        model = Neighbourly

    assert "order of the examples" in outcome(Careless)["inputs untouched, order free"]


def test_a_safetensors_file_is_no_pickle_whatever_its_length(tmp_path):
    path = tmp_path / "head.safetensors"
    path.write_bytes((128).to_bytes(8, "little") + b"{" + b" " * 127)
    assert not is_pickle(path)
    path.write_bytes(pickle.dumps({"a": 1}, protocol=4))
    assert is_pickle(path)


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


def test_a_plugins_own_method_is_tried_where_another_has_the_name():
    class Broken(Honest):
        def fit(self, problem, progress):
            raise ValueError("mine is broken")

    host = load()
    host.methods.add(entry_of(Honest, plugin="first"))
    host.methods.add(entry_of(Broken, plugin="second"))
    assert_conforms("x", host)
    assert_conforms("first:x", host)
    with pytest.raises(AssertionError, match="mine is broken"):
        assert_conforms("second:x", host)


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

    assert outcome(Steady, task="regression") == {}
    assert "no finite number" in outcome(Endless, task="regression")["fits and predicts"]
    assert "order of the examples" in outcome(Careless, task="regression")["inputs untouched, order free"]
