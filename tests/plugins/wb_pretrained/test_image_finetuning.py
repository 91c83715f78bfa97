"""Image networks fine-tuned by depth: what moves and what stays, weights from files, whole runs from names."""

import importlib.util
import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from wb_deep.training.batch_norm import estimate_statistics
from wb_pretrained.images.backbones import BUNDLED, depths_of, layers_of, load_backbone, torchvision_models
from wb_pretrained.images.efficientnet import EfficientNetLite0
from wb_pretrained.images.methods import FineTune
from wb_pretrained.images.network import ImageNetwork
from wb_pretrained.images.pictures import squares
from wb_pretrained.images.preparing import Pictures
from wb_pretrained.shared.fitting import Fitting
from workbench import load
from workbench.data.domains import Problem
from workbench.errors import NotInstalled, UsageError
from workbench.progress import Progress


def torchvision_reason() -> str:
    try:
        torchvision_models()
    except NotInstalled as error:
        return str(error)
    return ""


@pytest.fixture
def pair():
    task = load().tasks.get("classification").load()()
    return task.example_of("images", 0)


def network(freeze="none", **choices):
    return Pictures(load_backbone(BUNDLED), Fitting(freeze, **choices), 48).network(3)


def moved(found: ImageNetwork) -> set[int]:
    """Depths of the parameters and statistics that one training step changes."""
    before = {name: value.clone() for name, value in found.body.state_dict().items()}
    found.train()
    optimiser = torch.optim.AdamW(found.parameter_groups(1e-3))
    x = torch.randint(256, (4, 3, 48, 48), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    nn.functional.cross_entropy(found(x), torch.arange(4) % 3).backward()
    optimiser.step()
    changed = {name for name, value in found.body.state_dict().items() if not torch.equal(value, before[name])}
    depths = depths_of(found.body)
    modules = {name.rpartition(".")[0]: depth for name, depth in depths.items()}
    return {modules[name.rpartition(".")[0]] for name in changed}


def test_layers_go_from_input_to_output():
    names = [name for name, _ in layers_of(EfficientNetLite0())]
    assert names[0] == "_conv_stem" and names[1:17] == [f"_blocks.{k}" for k in range(16)] and names[17] == "_conv_head"
    depths = depths_of(EfficientNetLite0())
    assert depths["_bn0.weight"] == 1 and depths["_blocks.3._bn1.bias"] == 5 and depths["_bn1.weight"] == 18


@pytest.mark.parametrize(("freeze", "expected"), [("none", 1), ("15", 16), ("all-but-head", 19)])
def test_frozen_layers_and_their_statistics_stay(freeze, expected):
    assert moved(network(freeze)) == set(range(expected, 19))


def test_one_layer_more_is_free_with_each_epoch_and_has_its_own_step_size():
    found = network(gradual=True, layer_decay=0.5)
    free = []
    for epoch in range(3):
        found.begin_epoch(epoch)
        free.append(min(found.depth(name) for name, p in found.body.named_parameters() if p.requires_grad))
    assert free == [18, 17, 16]
    assert [group["lr"] for group in found.parameter_groups(1.0)][:4] == [20.0, 1.0, 0.5, 0.25]
    with pytest.raises(UsageError, match="--freeze 19: give none, all-but-head, or how many of the 18 layers"):
        network("19")


def test_weights_come_from_files_and_never_by_unpickling(tmp_path):
    state = load_backbone(BUNDLED, "none").module.state_dict()
    save_file(state, tmp_path / "w.safetensors")
    torch.save(state, tmp_path / "w.pth")
    for name in ("w.safetensors", "w.pth"):
        found = load_backbone(BUNDLED, str(tmp_path / name)).module.state_dict()
        assert all(torch.equal(found[key], state[key]) for key in state)
    torch.save(EfficientNetLite0(), tmp_path / "whole.pth")
    with pytest.raises(UsageError, match="neither safetensors nor a plain state dict"):
        load_backbone(BUNDLED, str(tmp_path / "whole.pth"))
    save_file({"_conv_stem.weight": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(UsageError, match="do not fit efficientnet-lite0"):
        load_backbone(BUNDLED, str(tmp_path / "other.safetensors"))
    with pytest.raises(UsageError, match="no such file"):
        load_backbone(BUNDLED, str(tmp_path / "absent.pth"))


def test_images_of_any_size_become_squares():
    images = [np.full((20, 30), 7, np.uint8), np.full((64, 40, 3), 9, np.uint8), np.ones((9, 9), np.float32)]
    found = squares(images, 16)
    assert found.shape == (3, 3, 16, 16) and found.dtype == torch.uint8
    assert [int(x.min()) for x in found] == [int(x.max()) for x in found] == [7, 9, 255]


def test_a_pretrained_network_learns_and_is_saved_whole(pair, tmp_path):
    source, target = pair
    problem = Problem("classification", (source,), target.unlabelled(), seed=1)
    model = FineTune(FineTune.Params(freeze="15", epochs=6, batch_size=8, image_size=64)).fit(problem, Progress())
    new = load().tasks.get("classification").load()().example_of("images", 1)[0]
    assert (model.predict(new.inputs).labels == new.labels).mean() > 0.9
    probabilities = model.predict(target.inputs).probabilities
    model.save(tmp_path)
    again = type(model).load(tmp_path, load())
    np.testing.assert_allclose(again.predict(target.inputs).probabilities, probabilities)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["finetune", "dann"])
def test_runs_from_names(wb, method, tmp_path, pair):
    from PIL import Image

    for domain, side in zip(pair, "ab", strict=True):
        for number, (image, label) in enumerate(zip(domain.inputs, domain.labels, strict=True)):
            folder = tmp_path / side / domain.classes[label]
            folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(folder / f"{number}.png")
    sides = ("--src", str(tmp_path / "a"), "--tgt", str(tmp_path / "b"))
    settings = ("--model", BUNDLED, "--image-size", "48", "--epochs", "2", "--batch-size", "8")
    code, out, err = wb("run", method, *sides, *settings, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["baseline"] == {"finetune": "linear-probe", "dann": "finetune"}[method]
    assert set(found.get("companions", ())) == ({"finetune-adabn"} if method == "finetune" else set())
    assert wb("predict", "last", "--file", str(tmp_path / "b"))[0] == 0


def test_texts_go_to_the_encoder_only_when_it_is_named(wb, tmp_path):
    for side, extra in (("a", ""), ("b", " here")):
        rows = [f"good book {k}{extra},yes\nbad book {k}{extra},no" for k in range(8)]
        (tmp_path / f"{side}.csv").write_text("text,label\n" + "\n".join(rows) + "\n")
    sides = ("--src", str(tmp_path / "a.csv"), "--tgt", str(tmp_path / "b.csv"))
    code, out, err = wb("run", "dann", *sides, "--encoder", "minilm", "--epochs", "1", "--json")
    assert code == 0, err
    assert json.loads(out)["variant"] == "encoder" and json.loads(out)["baseline"] == "transformer"
    code, out, err = wb("run", "mcc", *sides, "--epochs", "1", "--json")
    assert code == 0, err
    assert json.loads(out)["variant"] == "" and json.loads(out)["baseline"] == "network"
    code, _, err = wb("run", "dann", *sides, "--model", BUNDLED)
    assert code != 0 and "this method takes images, but" in err and "holds texts" in err


def test_an_absent_torchvision_is_one_line():
    if importlib.util.find_spec("torchvision") is not None:
        pytest.skip("torchvision is installed")
    with pytest.raises(NotInstalled, match=r"torchvision cannot be used .* give --model efficientnet-lite0"):
        load_backbone("resnet18")


@pytest.mark.skipif(bool(torchvision_reason()), reason=torchvision_reason() or "torchvision works")
@pytest.mark.parametrize(("name", "width"), [("resnet18", 512), ("alexnet", 4096), ("squeezenet1_1", 512)])
def test_torchvision_networks_lose_their_head(name, width, tmp_path, monkeypatch):
    found = load_backbone(name, "none")
    assert found.width == width and found.module.eval()(torch.rand(2, 3, 64, 64)).flatten(1).shape == (2, width)
    whole = torchvision_models().get_model(name, weights=None)
    torch.save(whole.state_dict(), tmp_path / "w.pth")
    again = load_backbone(name, str(tmp_path / "w.pth")).module.state_dict()
    assert all(torch.equal(again[key], value) for key, value in whole.state_dict().items() if key in again)
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    with pytest.raises(NotInstalled, match="not on this machine: download https"):
        load_backbone(name)


def test_statistics_of_the_target_leave_frozen_layers_alone():
    found = network("15")
    norms = {name: module for name, module in found.backbone.named_modules() if isinstance(module, nn.BatchNorm2d)}
    before = {name: module.running_mean.clone() for name, module in norms.items()}
    x = torch.randint(256, (8, 3, 48, 48), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    estimate_statistics(found, [x])
    same = {name for name, module in norms.items() if torch.equal(module.running_mean, before[name])}
    assert "_bn0" in same and "_blocks.13._bn0" in same
    assert not same & {"_blocks.14._bn0", "_blocks.15._bn2", "_bn1"}
    assert all(module.momentum == 0.1 for module in norms.values())
