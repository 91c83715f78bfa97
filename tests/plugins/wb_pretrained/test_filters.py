"""What filters look for: the ascent against a known optimum, and the command on records that have filters or none."""

import json

import numpy as np
import pytest
import torch
from torch import nn

from wb_deep.bodies.networks import Network
from wb_pretrained.images.backbones import BUNDLED, load_backbone
from wb_pretrained.images.filters import Ascent, find_filters, find_layer, layers
from wb_pretrained.images.preparing import Pictures
from wb_pretrained.shared.fitting import Fitting
from workbench.errors import UsageError
from workbench.progress import Progress


class Flat(Network):
    """One dense layer over pixels: its best picture in 0 … 1 is known."""

    def __init__(self):
        super().__init__((1, 8, 8), 3)
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(64, 128))


def same(x):
    return x


def test_the_picture_of_a_linear_filter_is_white_where_its_weights_are_positive():
    torch.manual_seed(0)
    network = Flat()
    layer = find_layer(network, "1")
    pictures, answers = Ascent(network, same, (1, 8, 8), steps=300).pictures(layer, [3, 70], 0, Progress())
    for picture, (before, after), k in zip(pictures, answers, (3, 70), strict=True):
        weights = layer.module.weight[k]
        most = (weights.clamp_min(0).sum() + layer.module.bias[k]).item()
        least = (weights.clamp_max(0).sum() + layer.module.bias[k]).item()
        assert least < before < after <= most
        assert (after - least) / (most - least) > 0.97
        assert (picture.flatten() @ weights + layer.module.bias[k]).item() == pytest.approx(after.item(), abs=1e-4)
        large = weights.abs() > 0.03  # of at most ⅛
        assert ((picture.flatten() > 0.5) == (weights > 0))[large].float().mean() > 0.95


def test_a_convolution_answers_more_than_to_any_of_many_pictures():
    torch.manual_seed(0)
    network = Network((1, 8, 8), 3).eval()
    layer = find_layer(network, "2")
    ascent = Ascent(network, same, (1, 8, 8), steps=150)
    numbers = list(range(ascent.channels(layer)))
    assert len(numbers) == 32
    _, answers = ascent.pictures(layer, numbers, 0, Progress())
    with torch.no_grad():
        tried = torch.cat([torch.rand(500, 1, 8, 8), torch.rand(500, 1, 8, 8).round()])
        known = network.body[:5](tried).mean((2, 3)).max(0).values
    assert (answers[:, 1] > known).float().mean() > 0.9


def test_the_network_is_left_as_it_was_and_a_seed_gives_one_picture():
    network = Pictures(load_backbone(BUNDLED), Fitting("15"), 48).network(3)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    free = [name for name, parameter in network.named_parameters() if parameter.requires_grad]
    ascent = Ascent(network.eval(), same, (3, 48, 48), steps=3, shift=2, batch=2)
    layer = find_layer(network, "_blocks.3")
    first, answers = ascent.pictures(layer, [0, 1, 2], 5, Progress())
    assert first.shape == (3, 3, 48, 48) and first.min() >= 0 and first.max() <= 1 and answers.shape == (3, 2)
    assert torch.equal(first, ascent.pictures(layer, [0, 1, 2], 5, Progress())[0])
    assert not torch.equal(first, ascent.pictures(layer, [0, 1, 2], 6, Progress())[0])
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert free == [name for name, parameter in network.named_parameters() if parameter.requires_grad]
    assert not any(module._forward_hooks for module in network.modules())


def test_layers_are_named_as_freezing_counts_them():
    network = Network((1, 8, 8), 3)
    assert [str(layer) for layer in layers(network)] == ["1 (Conv2d)", "2 (Conv2d)", "3 (Linear)", "head"]
    with pytest.raises(
        UsageError, match=r"--layer conv7: .* there are: 1 \(Conv2d\), 2 \(Conv2d\), 3 \(Linear\), head"
    ):
        find_layer(network, "conv7")
    assert find_layer(Pictures(load_backbone(BUNDLED)).network(2), "5").name == "_blocks.3"


def test_filters_are_spread_over_the_layer_where_none_is_named():
    layer = layers(Network((1, 8, 8), 3))[0]
    assert find_filters(layer, 16, [], 4) == [0, 4, 8, 12]
    assert find_filters(layer, 3, [], 16) == [0, 1, 2]
    assert find_filters(layer, 16, [9, 2], 4) == [9, 2]
    with pytest.raises(UsageError, match=r"--filter 16: layer 1 \(Conv2d\) has the filters 0 to 15"):
        find_filters(layer, 16, [16], 4)


def test_a_grid_is_drawn_for_a_run_on_images(wb, tmp_path):
    from PIL import Image  # comes with matplotlib

    code, _, err = wb("run", "network", "--src", "fonts", "--tgt", "digits", "--epochs", "1", "--json")
    assert code == 0, err
    code, out, err = wb("finetune", "filters", "last", "--layer", "head", "--steps", "20")
    assert code == 0, err
    assert out.strip().endswith("filters-head.png")
    picture = np.asarray(Image.open(out.strip()).convert("L"))
    assert min(picture.shape) > 300 and picture.std() > 40  # ten tiles, not an empty sheet
    path = tmp_path / "two.png"
    code, out, _ = wb(
        "finetune", "filters", "last", "--filter", "3", "--filter", "5", "--steps", "2", "--out", str(path)
    )
    assert code == 0 and path.exists()
    code, _, err = wb("finetune", "filters", "last", "--layer", "4711")
    assert code == 2 and "1 (Conv2d), 2 (Conv2d), 3 (Linear), head" in err


def test_records_without_filters_are_refused_in_one_line(wb, tmp_path):
    source, target = tmp_path / "texts.jsonl", tmp_path / "other-texts.jsonl"
    rows = [{"text": f"{word} thing {k}", "label": word} for k in range(8) for word in ("good", "bad")]
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    target.write_text("\n".join(map(json.dumps, rows[:-2])), encoding="utf-8")
    both = ("--src", str(source), "--tgt", str(target))
    assert wb("run", "network", *both, "--epochs", "1", "--batch-size", "4", "--json")[0] == 0
    code, _, err = wb("finetune", "filters", "last")
    assert code == 2 and "texts or feature vectors" in err and len(err.strip().splitlines()) == 1
    assert wb("run", "source-only", *both, "--json")[0] == 0
    code, _, err = wb("finetune", "filters", "last")
    assert code == 2 and "source-only trains no network" in err
