"""The pretrained network for images: weights and preprocessing agree, features serve any method."""

import json

import matplotlib.cbook
import matplotlib.image
import numpy as np
import pytest
import torch
from sklearn.datasets import load_sample_images

from wb_pretrained.images.convolutional import Convolutional
from wb_pretrained.images.efficientnet import SamePad, prepared, pretrained
from workbench.errors import UnknownName


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("WB_CACHE", str(tmp_path / "cache"))


def test_photographs_are_classified_right():
    """A Chinese palace and a flower (scikit-learn's samples), an officer (Matplotlib's): their ImageNet classes."""
    photographs = [
        *load_sample_images().images,
        matplotlib.image.imread(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)),
    ]
    x = torch.stack([prepared(torch.from_numpy(p.copy()).permute(2, 0, 1) / 255) for p in photographs])
    with torch.no_grad():
        said = pretrained()(x).argmax(1).tolist()
    assert said == [698, 985, 652]  # palace, daisy, military uniform


@pytest.mark.parametrize(("size", "kernel", "stride"), [(7, 3, 2), (8, 3, 2), (8, 5, 2), (9, 5, 1)])
def test_padding_gives_every_place_and_more_at_the_end(size, kernel, stride):
    layer = SamePad(1, 1, kernel, stride, bias=False)
    x = torch.randn(1, 1, size, size)
    out = layer(x)
    assert out.shape[2] == -(-size // stride)
    total = max((out.shape[2] - 1) * stride + kernel - size, 0)
    padded = np.pad(x[0, 0].numpy(), (total // 2, total - total // 2))
    expected = (padded[:kernel, :kernel] * layer.weight[0, 0].detach().numpy()).sum()
    assert out[0, 0, 0, 0].item() == pytest.approx(expected, abs=1e-5)


def test_features_of_any_size_once(tmp_path):
    images = [np.full((20, 30), 7, np.uint8), np.full((40, 40, 3), 9, np.uint8), np.ones((9, 9), np.float32)]
    found = Convolutional().transform(images)
    assert found.shape == (3, 1280) and (found >= 0).all()
    np.testing.assert_array_equal(Convolutional().transform(images), found)
    with pytest.raises(UnknownName, match="no network for cnn features 'efficientnet'; did you mean"):
        Convolutional("efficientnet")


@pytest.mark.slow
@pytest.mark.parametrize("method", ["coral", "mcc"])
def test_classical_and_deep_methods_take_the_features(wb, method, tmp_path):
    from PIL import Image

    generator = np.random.default_rng(0)
    for domain, noise in (("a", 5), ("b", 40)):
        for number, name in enumerate(("disc", "stripes")):
            folder = tmp_path / domain / name
            folder.mkdir(parents=True)
            rows, columns = np.mgrid[:40, :40]
            for k in range(12):
                shape = (rows - 20) ** 2 + (columns - 15 - k % 9) ** 2 < 90 if number == 0 else (rows + k) % 8 < 4
                grey = np.clip(shape * 200 + generator.normal(0, noise, (40, 40)), 0, 255).astype(np.uint8)
                Image.fromarray(grey).save(folder / f"{k}.png")
    sides = ("--src", str(tmp_path / "a"), "--tgt", str(tmp_path / "b"))
    code, out, err = wb("run", method, *sides, "--features", "cnn:efficientnet-lite0", "--json")
    assert code == 0, err
    assert json.loads(out)["scores"]["adapted"]["accuracy"]["value"] > 0.9
    assert wb("predict", "last", "--file", str(tmp_path / "b" / "disc"))[0] == 0
