"""The picture of a training: what was traced, and the epoch that a selector kept."""

from pathlib import Path

import numpy as np
import pytest

from wb_deep.figure import TrainingTrace
from workbench.errors import WbError
from workbench.plugins.loading import load
from workbench.running.records import Record


def record(trace, keep="last"):
    specification = {"sources": ["a"], "target": "b", "settings": {"keep": keep}}
    return Record(Path("r"), {"method": "daan", "specification": specification, "notes": {"trace": trace}}, {})


def trace(**more):
    rows = zip(*([value] * 3 if isinstance(value, float) else value for value in more.values()), strict=True)
    return [dict(zip(more, row, strict=True)) for row in rows]


def size(path):
    from PIL import Image

    picture = Image.open(path)
    assert np.asarray(picture.convert("L")).std() > 5
    return picture.size


def test_every_traced_quantity_has_a_panel(tmp_path):
    one, many = tmp_path / "one.png", tmp_path / "many.png"
    TrainingTrace().draw(record(trace(cross_entropy=[1.0, 0.5, 0.2])), one, load())
    losses = {"cross_entropy": 1.0, "adaptation_loss": 0.7, "domain_accuracy": 0.6}
    everything = trace(**losses, omega=[1.0, 0.4, 0.2], score=[0.1, 0.4, 0.3])
    TrainingTrace().draw(record(everything, "entropy"), many, load())
    assert size(many)[0] > 2.5 * size(one)[0] and size(many)[1] > 1.5 * size(one)[1]


def test_a_record_without_epochs_is_refused(tmp_path):
    with pytest.raises(WbError, match="record r has no trace of epochs"):
        TrainingTrace().draw(record([]), tmp_path / "none.png", load())
