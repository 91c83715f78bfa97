"""Where a training runs: plainly on the processor, or by accelerate on other devices and in other precisions."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal

import torch
from torch import Tensor, nn

from workbench.plugins.entries import missing_extra

Device = Literal["auto", "cpu"]

Precision = Literal["single", "bf16", "fp16"]

PRECISIONS = {"single": "no", "bf16": "bf16", "fp16": "fp16"}


class Place:
    """The processor, in single precision and one process: nothing between the engine and torch."""

    rank, processes = 0, 1

    def take(self, module: nn.Module) -> None:
        """Move a module here."""

    def home(self, module: nn.Module) -> None:
        """Move a module back to the processor, with the first process's buffers."""

    def optimiser(self, optimiser: torch.optim.Optimizer) -> Any:
        return optimiser

    def on_device(self, x: Tensor) -> Tensor:
        """A batch on the device of the network."""
        return x

    def own_rows(self, rows: Tensor) -> Tensor:
        """The part of a batch's indices that this process sees."""
        return rows

    def precision(self) -> AbstractContextManager[Any]:
        """Forward passes belong inside."""
        return nullcontext()

    def backward(self, loss: Tensor, inputs: Sequence[Tensor] | None) -> None:
        """Gradients of ``loss``, of all parameters or of ``inputs`` alone."""
        loss.backward(inputs=inputs)

    def clip(self, parameters: list[nn.Parameter], norm: float) -> None:
        nn.utils.clip_grad_norm_(parameters, norm)


class AcceleratedPlace(Place):
    """What accelerate finds: a GPU, mixed precision, one of several processes of ``accelerate launch``.

    The parts of a network are called one by one, so gradients are averaged over the processes here and not by a
    wrapper around the whole. Batch normalisation sees the examples of its process.
    """

    def __init__(self, device: Device, precision: Precision) -> None:
        try:
            accelerate = importlib.import_module("accelerate")
        except ModuleNotFoundError as error:
            raise missing_extra("a device or precision of this choice", error.name or "accelerate", "deep") from error
        self.accelerator = accelerate.Accelerator(
            cpu=device == "cpu", mixed_precision=PRECISIONS[precision], step_scheduler_with_optimizer=False
        )
        self.rank, self.processes = self.accelerator.process_index, self.accelerator.num_processes
        self._parameters: dict[int, nn.Parameter] = {}

    def take(self, module: nn.Module) -> None:
        module.to(self.accelerator.device)
        self._parameters |= {id(parameter): parameter for parameter in module.parameters()}

    def home(self, module: nn.Module) -> None:
        if self.processes > 1:
            broadcast = importlib.import_module("accelerate.utils").broadcast

            for buffer in module.buffers():
                buffer.copy_(broadcast(buffer))
        module.to("cpu")

    def optimiser(self, optimiser: torch.optim.Optimizer) -> Any:
        return self.accelerator.prepare_optimizer(optimiser)

    def on_device(self, x: Tensor) -> Tensor:
        return x.to(self.accelerator.device)

    def own_rows(self, rows: Tensor) -> Tensor:
        return rows.tensor_split(self.processes)[self.rank]

    def precision(self) -> AbstractContextManager[Any]:
        context: AbstractContextManager[Any] = self.accelerator.autocast()
        return context

    def backward(self, loss: Tensor, inputs: Sequence[Tensor] | None) -> None:
        self.accelerator.backward(loss, inputs=inputs)
        if self.processes > 1:
            for parameter in self._parameters.values():
                if parameter.grad is not None:
                    parameter.grad = self.accelerator.reduce(parameter.grad, "mean")

    def clip(self, parameters: list[nn.Parameter], norm: float) -> None:
        self.accelerator.clip_grad_norm_(parameters, norm)


def place_for(device: Device, precision: Precision) -> Place:
    """Plain torch on a machine with a processor alone; accelerate where there is anything for it to do."""
    several = int(os.environ.get("WORLD_SIZE", "1")) > 1
    other = device == "auto" and (torch.cuda.is_available() or torch.backends.mps.is_available())
    if several or other or precision != "single":
        return AcceleratedPlace(device, precision)
    return Place()
