"""Every loss over every body: the same settings, other defaults only where the table says so."""

import inspect
import json

import pytest

from wb_deep import LOSSES
from wb_deep.methods.adaptation import over
from wb_deep.methods.composing import combined
from wb_deep.methods.dan import DAN
from wb_pretrained.defaults import DEFAULTS
from wb_pretrained.text.bodies import Texts
from workbench import load
from workbench.settings import Settings

BODIES = [("tagging", ""), ("classification", "encoder"), ("classification", "model")]


def methods():
    host = load()
    for name, *_ in LOSSES:
        small = host.methods.get(name, "classification", "").load()
        for task, variant in BODIES:
            if name != "fixmatch" or variant == "model":
                yield pytest.param(name, small, host.methods.get(name, task, variant), id=f"{name}-{variant or task}")


@pytest.mark.parametrize(("name", "small", "entry"), list(methods()))
def test_a_loss_has_all_its_settings_over_each_body(name, small, entry):
    method = entry.load()
    theirs = small.loss_settings.model_fields
    assert theirs.keys() <= method.Params.model_fields.keys()
    changed = {k for k in theirs if getattr(method.Params(), k) != getattr(small.Params(), k)}
    assert changed == {k for k, value in DEFAULTS.get(name, {}).items() if value != getattr(small.Params(), k)}
    assert method.loss is small.loss and inspect.getdoc(method).startswith(inspect.getdoc(small))
    assert all(f"{k} {value}" in method.__doc__ for k, value in DEFAULTS.get(name, {}).items())
    assert method.Params().epochs == 3 and small.Params().epochs == 15


def test_a_default_keeps_the_bounds_of_its_setting():
    method = over(DAN, Texts, {"weight": 0.25})
    assert method.Params().weight == 0.25 and DAN.Params().weight == 1.0
    with pytest.raises(ValueError, match="weight"):
        method.Params(weight=-1)
    with pytest.raises(ValueError, match="has a setting 'wieght'"):
        over(DAN, Texts, {"wieght": 0.25})

    class Twice(Settings):
        epochs: int = 1

    with pytest.raises(ValueError, match=r"has the setting 'epochs' of .*Twice already"):
        combined(Texts.AdaptingParams, Twice, {})


def test_settings_of_the_loss_choose_nothing_and_are_recorded(wb, tmp_path):
    for side in "ab":
        rows = [f"good {side} {k},yes\nbad {side} {k},no" for k in range(4)]
        (tmp_path / f"{side}.csv").write_text("text,label\n" + "\n".join(rows) + "\n")
    sides = ("--src", str(tmp_path / "a.csv"), "--tgt", str(tmp_path / "b.csv"))
    code, out, err = wb(
        *("run", "dan", *sides, "--encoder", "minilm", "--temperature", "2", "--layers", "both"),
        *("--epochs", "1", "--freeze", "all-but-head", "--no-baseline", "--json"),
    )
    assert code == 0, err
    run = json.loads(out)
    assert run["variant"] == "encoder"
    assert run["settings"]["temperature"] == 2.0 and run["settings"]["weight"] == 0.1
