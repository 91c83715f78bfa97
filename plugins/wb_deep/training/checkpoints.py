"""A training that was cut off goes on where it was: its state in one safetensors file, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from workbench.files import cannot_write


def digest(parts: Iterable[Any]) -> str:
    """A name for a training: equal for equal settings, seed, versions and data."""
    found = hashlib.sha256(torch.__version__.encode())
    for part in parts:
        if isinstance(part, Tensor):
            found.update(str(tuple(part.shape)).encode() + part.contiguous().numpy().tobytes())
        else:
            found.update(json.dumps(part, sort_keys=True, default=str).encode())
    return found.hexdigest()[:24]


class Checkpoint:
    """The state of one training on disk.

    Parameters
    ----------
    path : Path
    seconds : float
        At least so long between two writings.
    """

    def __init__(self, path: Path, seconds: float) -> None:
        self.path, self.seconds = path, seconds
        self._last = time.monotonic()

    @property
    def due(self) -> bool:
        return time.monotonic() - self._last >= self.seconds

    def save(
        self,
        modules: dict[str, nn.Module],
        optimiser: torch.optim.Optimizer,
        counters: dict[str, Any],
        kept: dict[str, Tensor],
    ) -> None:
        """Write parameters, optimiser, random state, ``counters`` and the ``kept`` parameters of an earlier epoch.

        Raises :class:`WbError` when the disk refuses.
        """
        tensors = {f"{name}/{key}": v for name, m in modules.items() for key, v in m.state_dict().items()}
        for number, state in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser/{number}/{key}": value for key, value in state.items() if value is not None}
        tensors |= {f"kept/{name}": tensor for name, tensor in kept.items()}
        tensors["random"] = torch.get_rng_state()
        temporary = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            whole = {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}
            save_file(whole, temporary, metadata={"counters": json.dumps(counters)})
            os.replace(temporary, self.path)
        except (OSError, SafetensorError) as error:
            temporary.unlink(missing_ok=True)
            raise cannot_write(self.path, error if isinstance(error, OSError) else OSError(str(error))) from error
        self._last = time.monotonic()

    def restore(
        self, modules: dict[str, nn.Module], optimiser: torch.optim.Optimizer
    ) -> tuple[dict[str, Any], dict[str, Tensor]] | None:
        """Take up what :meth:`save` wrote; returns its counters and kept parameters, None where nothing fits."""
        try:
            with safe_open(self.path, framework="pt") as file:
                counters: dict[str, Any] = json.loads(file.metadata()["counters"])
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (not a mapping)
        except (OSError, SafetensorError, KeyError, ValueError):
            return None
        for name, module in modules.items():
            module.load_state_dict(_below(tensors, name))
        state: dict[int, dict[str, Tensor]] = {}
        parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
        for key, value in _below(tensors, "optimiser").items():
            number, _, what = key.partition("/")
            place = parameters[int(number)]
            same = value.shape == place.shape  # then in the parameter's memory layout, which fused optimisers rely on
            state.setdefault(int(number), {})[what] = torch.empty_like(place).copy_(value) if same else value
        optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
        torch.set_rng_state(tensors["random"])
        return counters, _below(tensors, "kept")

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def _below(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {key[len(name) + 1 :]: value for key, value in tensors.items() if key.startswith(f"{name}/")}
