"""Pretrained image networks by name: EfficientNet-Lite0, whose weights a package carries, or any of torchvision's."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from workbench.errors import NotInstalled, UnknownName, UsageError

BUNDLED = "efficientnet-lite0"

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's red, green and blue in 0 … 1, which torchvision's weights were trained with."""

NORMS = (nn.modules.batchnorm._BatchNorm, nn.GroupNorm, nn.LayerNorm)


@dataclass(frozen=True, eq=False)
class Backbone:
    """A network without its head.

    Attributes
    ----------
    module : nn.Module
        Pictures (n, 3, side, side), normalised, to features (n, width).
    mean, deviation : tuple of float
        What each channel, in 0 … 1, is moved and divided by.
    """

    name: str
    module: nn.Module
    width: int
    side: int
    mean: tuple[float, ...]
    deviation: tuple[float, ...]


def load_backbone(name: str, weights: str = "default") -> Backbone:
    """The network of that name.

    Parameters
    ----------
    weights : str
        "default" (the package's, or torchvision's best, of which the file must be there), another name of
        torchvision's, a file (safetensors, or a state dict that needs no unpickling), or "none".

    Raises
    ------
    UnknownName, UsageError, NotInstalled
        One line each: no such network, a file that does not fit, weights that are not on this machine.
    """
    if name == BUNDLED:
        return _efficientnet(weights)
    models = torchvision_models()
    known = models.list_models(module=models)
    if name not in known:
        raise UnknownName(
            "network", name, [BUNDLED, *known], f"give {BUNDLED} or a classification network of torchvision.models"
        )
    module = models.get_model(name, weights=None)
    side = 299 if name == "inception_v3" else 224
    if weights != "none":
        _fill(module, _state(_file_of(models, name, weights)), name)
    for auxiliary in ("aux1", "aux2", "AuxLogits"):  # further heads, which only training them from scratch needs
        if hasattr(module, auxiliary):
            setattr(module, auxiliary, None)
    return Backbone(name, module, _behead(module), side, MEAN, DEVIATION)


def torchvision_models() -> Any:
    """The module torchvision.models. Raises :class:`NotInstalled` with the reason and the way."""
    try:
        return importlib.import_module("torchvision.models")
    except (ImportError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise NotInstalled(
            f"torchvision cannot be used ({reason}); install the torchvision made for torch {torch.__version__} "
            f"('pip install torchvision' beside a torch from PyPI), or give --model {BUNDLED}"
        ) from error


def layers_of(module: nn.Module) -> list[tuple[str, nn.Module]]:
    """The layers that hold parameters, from input to output: containers opened, a norm counted with what it follows."""
    layers = [(name, child) for name, child in _opened(module, "") if any(True for _ in child.parameters())]
    return [(name, child) for name, child in layers if not isinstance(child, NORMS)] or layers


def depths_of(module: nn.Module) -> dict[str, int]:
    """For each parameter's name the number, from 1 on, of the layer that it belongs to."""
    layers = [name for name, _ in layers_of(module)]
    opened = [name for name, _ in _opened(module, "")]
    depths, depth = {name: 1 for name, _ in module.named_parameters()}, 1
    for place in opened:
        depth = layers.index(place) + 1 if place in layers else depth
        depths |= {name: depth for name in depths if name.startswith(f"{place}.")}
    return depths


def _opened(module: nn.Module, prefix: str) -> Iterator[tuple[str, nn.Module]]:
    """The children in order; sequences, and the encoder of a vision transformer, by their own children."""
    for name, child in module.named_children():
        place = f"{prefix}{name}"
        if isinstance(child, nn.Sequential | nn.ModuleList) or name == "encoder":
            yield from _opened(child, f"{place}.")
        else:
            yield place, child


def _efficientnet(weights: str) -> Backbone:
    from wb_pretrained.images import efficientnet

    network = efficientnet.pretrained() if weights == "default" else efficientnet.EfficientNetLite0()
    if weights not in ("default", "none"):
        _fill(network, _state(Path(weights).expanduser()), BUNDLED)
    moved = (efficientnet.MEAN,) * 3, (efficientnet.DEVIATION,) * 3
    return Backbone(BUNDLED, network, _behead(network), efficientnet.SIDE, *moved)


def _head_of(module: nn.Module) -> tuple[str, nn.Linear | nn.Conv2d]:
    """The last layer, which tells ImageNet's classes apart, and its name."""
    return [(place, child) for place, child in module.named_modules() if isinstance(child, nn.Linear | nn.Conv2d)][-1]


def _behead(module: nn.Module) -> int:
    """Replace the last layer by nothing; returns the width of what it read."""
    place, head = _head_of(module)
    parent, _, last = place.rpartition(".")
    setattr(module.get_submodule(parent), last, nn.Identity())
    return head.in_features if isinstance(head, nn.Linear) else head.in_channels


def _file_of(models: Any, name: str, weights: str) -> Path:
    """Where weights lie: a file that the user names, or torchvision's in torch's own cache."""
    if Path(weights).expanduser().is_file():
        return Path(weights).expanduser()
    choices = {choice.name: choice for choice in models.get_model_weights(name)}
    chosen = models.get_model_weights(name).DEFAULT if weights == "default" else choices.get(weights)
    if chosen is None:
        names = ", ".join(choices)
        raise UsageError(f"--weights {weights}: no such file, nor weights of {name}; give default, {names} or none")
    path = Path(torch.hub.get_dir()) / "checkpoints" / chosen.url.rpartition("/")[2]
    if not path.exists():
        raise NotInstalled(
            f"the weights of {name} are not on this machine: download {chosen.url} and give --weights FILE (or put it "
            f"into {path.parent}), or give --weights none, or --model {BUNDLED}, whose weights come with a package"
        )
    return path


def _state(path: Path) -> dict[str, Tensor]:
    """Tensors by name. Raises :class:`UsageError` for a file that is none, or that would have to be unpickled."""
    import pickle

    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if not path.is_file():
        raise UsageError(f"--weights {path}: no such file; give default, a file or none")
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError, ValueError) as error:
        raise UsageError(f"{path}: neither safetensors nor a plain state dict of tensors; not loaded") from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise UsageError(f"{path}: not a state dict of tensors by name; save model.state_dict()")
    return dict(state)


def _fill(module: nn.Module, state: dict[str, Tensor], name: str) -> None:
    """Load a state dict whose head may have any number of classes: the head is dropped anyway."""
    head = _head_of(module)[0] + "."
    own = {key: value for key, value in module.state_dict().items() if not key.startswith(head)}
    state = {key: value for key, value in state.items() if not key.startswith(head)}
    missing = [key for key in own if key not in state and not key.endswith("num_batches_tracked")]
    wrong = [key for key, value in state.items() if key not in own or own[key].shape != value.shape]
    if missing or wrong:
        raise UsageError(
            f"the weights do not fit {name}: {len(missing)} missing, {len(wrong)} unfit, e.g. {(missing or wrong)[0]}; "
            "give the file of the same network"
        )
    module.load_state_dict(state, strict=False)
