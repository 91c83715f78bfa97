"""A training that was cut off goes on where it was: its state in one safetensors file, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from wb_deep.training.history import check
from wb_deep.training.observers import Loop, LoopObserver
from workbench import environment
from workbench.files import cannot_write, new_file, remove_abandoned
from workbench.progress import Progress

FORMAT = "2"
"""Of the file: a state in another one is not taken up."""


def digest(parts: Iterable[Any]) -> str:
    """A name for a training: equal for equal settings, seed, versions and data."""
    digested = hashlib.sha256(f"{FORMAT} {torch.__version__}".encode())
    for part in parts:
        if isinstance(part, Tensor):
            digested.update(str(tuple(part.shape)).encode() + part.contiguous().numpy().tobytes())
        else:
            digested.update(json.dumps(part, sort_keys=True, default=str).encode())
    return digested.hexdigest()[:24]


class Checkpoint(LoopObserver):
    """Saves a long training and takes up one that was cut off; comes after the observers whose state it saves.

    Parameters
    ----------
    parts : iterable
        What makes up this very training: settings, seed, data.
    seconds : float
        At least so long between two writings.
    progress : Progress
        Is told where a training goes on.
    """

    def __init__(self, parts: Iterable[Any], seconds: float, progress: Progress) -> None:
        self.path = environment.cache_folder() / "trainings" / f"{digest(parts)}.safetensors"
        self.seconds, self.progress = seconds, progress
        self._last = time.monotonic()

    def begin(self, loop: Loop) -> None:
        try:
            with safe_open(self.path, framework="pt") as file:
                counters: dict[str, Any] = json.loads(file.metadata()["counters"])
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (not a mapping)
        except (OSError, SafetensorError, KeyError, ValueError):
            return
        for name, module in loop.modules.items():
            module.load_state_dict(_below(tensors, name))
        for observer in loop.observers:
            observer.restore(_below(tensors, type(observer).__name__))
        _restore_optimiser(loop.optimiser, _below(tensors, "optimiser"))
        torch.set_rng_state(tensors["random"])
        loop.history.restore(counters)
        loop.done = int(counters["step"])
        self.progress.notice(f"goes on from step {loop.done} of {loop.total}, where it was cut off")

    def after_step(self, loop: Loop) -> None:
        if loop.place.rank == 0 and time.monotonic() - self._last >= self.seconds:
            check(loop.history.sums, loop.done - 1)  # the last good state stays
            self._write(_state_of(loop), {"step": loop.done, **loop.history.counters()})
            self._last = time.monotonic()

    def end(self, loop: Loop) -> None:
        self.path.unlink(missing_ok=True)
        remove_abandoned(self.path)

    def _write(self, tensors: dict[str, Tensor], counters: dict[str, Any]) -> None:
        """Raises :class:`WbError` when the disk refuses."""
        whole = {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}
        try:
            with new_file(self.path) as temporary:
                save_file(whole, temporary, metadata={"counters": json.dumps(counters)})
        except SafetensorError as error:
            raise cannot_write(self.path, OSError(str(error))) from error


def _state_of(loop: Loop) -> dict[str, Tensor]:
    """Parameters and buffers, the optimiser's moments, what the observers keep, and the random state."""
    tensors = {f"{name}/{key}": v for name, module in loop.modules.items() for key, v in module.state_dict().items()}
    for number, state in loop.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser/{number}/{key}": value for key, value in state.items() if value is not None}
    for observer in loop.observers:
        tensors |= {f"{type(observer).__name__}/{key}": value for key, value in observer.state().items()}
    return {**tensors, "random": torch.get_rng_state()}


def _restore_optimiser(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    for key, value in tensors.items():
        number, _, name = key.partition("/")
        parameter = parameters[int(number)]
        same = value.shape == parameter.shape  # then in the parameter's memory layout, which fused optimisers rely on
        state.setdefault(int(number), {})[name] = torch.empty_like(parameter).copy_(value) if same else value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})


def _below(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {key[len(name) + 1 :]: value for key, value in tensors.items() if key.startswith(f"{name}/")}
