"""What a loss keeps from step to step."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn


class State(nn.Module):
    """Named parts of a loss, saved and moved between devices with the network.

    Parameters
    ----------
    **parts : nn.Module or Tensor
        Modules, whose parameters are trained; tensors, which become buffers.
    """

    def __init__(self, **parts: Tensor | nn.Module) -> None:
        super().__init__()
        for name, part in parts.items():
            if isinstance(part, nn.Module):
                self.add_module(name, part)
            else:
                self.register_buffer(name, part)

    def __getattr__(self, name: str) -> Any:
        return super().__getattr__(name)
