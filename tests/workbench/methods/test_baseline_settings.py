"""A baseline takes over what the user gave and what makes it the same learner; else it keeps its own defaults."""

import pytest
from pydantic import Field

from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.settings import Settings

HOST = load()


class Adapted(Settings):
    rate: float = Field(0.003, gt=0, description="Step size.")
    features: str = Field("auto", description="Features.")
    weight: float = Field(1.0, description="Of the loss.")


class Plain(Settings):
    rate: float = Field(0.001, gt=0, description="Step size.")
    features: str = Field("auto", description="Features.")


def test_a_default_of_the_method_is_no_setting_of_its_baseline():
    assert Adapted().shared_with(Plain) == {}
    assert Adapted(rate=0.01).shared_with(Plain) == {"rate": 0.01}
    assert Adapted().shared_with(Plain, always=("features", "weight")) == {"features": "auto"}


@pytest.mark.parametrize("name", ["deep-coral", "dan", "mcc", "dann"])
def test_the_plain_network_is_trained_by_its_own_defaults(name):
    pytest.importorskip("torch")
    entry, plain = HOST.methods.get(name, "classification"), HOST.methods.get("network", "classification")
    assert "rate" not in make(entry, {}, HOST).params.shared_with(plain.load().Params)
    assert make(entry, {"rate": 0.02}, HOST).params.shared_with(plain.load().Params)["rate"] == 0.02


def test_a_variant_is_run_by_its_name(wb):
    pytest.importorskip("torch")
    pair = ("--src", "shift/covariate-source", "--tgt", "shift/covariate-target")
    code, _, err = wb("run", "dan", *pair, "--variant", "nosuch")
    assert code == 2 and "method 'dan' has no variant 'nosuch' for classification; it has: plain" in err
    code, out, err = wb("run", "dan", *pair, "--variant", "plain", "--epochs", "1", "--no-baseline")
    assert code == 0 and "(classification)" in out
