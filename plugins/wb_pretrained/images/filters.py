"""What filters look for: pictures that a network's channels answer to most, by gradient ascent on the input.

References
----------
Erhan, Bengio, Courville & Vincent (2009), Visualizing higher-layer features of a deep network; Olah, Mordvintsev &
Schubert (Distill 2017), Feature visualization: ascent over frequencies, and random shifts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from wb_pretrained.images.backbones import layers_of
from workbench.errors import UsageError
from workbench.progress import Progress

RATE = 0.05
"""Step size of Adam over the frequencies."""

START = 0.01
"""Deviation of the frequencies that the ascent starts from."""


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer of a network: its number from the input up, as ``--freeze`` counts, its name, if any, and the module."""

    number: int
    name: str
    module: nn.Module

    def __str__(self) -> str:
        if self.name == HEAD:
            return HEAD
        return f"{self.number} ({' '.join(filter(None, (self.name, type(self.module).__name__)))})"


HEAD = "head"


def layers(network: Any) -> list[Layer]:
    """The layers with parameters of a network's body, in order, and its head; a place in a sequence is no name."""
    numbered = enumerate(layers_of(network.body), 1)
    body = [Layer(number, "" if name.isdigit() else name, module) for number, (name, module) in numbered]
    return [*body, Layer(len(body) + 1, HEAD, network.head)]


def find_layer(network: Any, wanted: str) -> Layer:
    """The layer of that number or name. Raises :class:`UsageError` that names them all."""
    known = layers(network)
    for layer in known:
        if wanted and wanted in (str(layer.number), layer.name):
            return layer
    raise UsageError(f"--layer {wanted}: there is no such layer; there are: {', '.join(map(str, known))}")


def find_filters(layer: Layer, channels: int, wanted: Sequence[int], most: int) -> list[int]:
    """The filters to draw: those asked for, or ``most`` spread evenly over the layer's.

    Raises :class:`UsageError` for a filter that the layer lacks.
    """
    wrong = [number for number in wanted if not 0 <= number < channels]
    if wrong:
        raise UsageError(f"--filter {wrong[0]}: layer {layer} has the filters 0 to {channels - 1}")
    return list(wanted) or [k * channels // min(most, channels) for k in range(min(most, channels))]


@contextmanager
def answers_of(module: nn.Module) -> Iterator[list[Tensor]]:
    """While open, the last output of ``module`` as (n, channels): a convolution's is the mean over the places."""
    answers: list[Tensor] = []

    def keep(_: nn.Module, __: Any, output: Any) -> None:
        if not isinstance(output, Tensor) or output.ndim not in (2, 4):
            raise UsageError("this layer gives neither maps nor vectors, so it has no filters to draw; take another")
        answers[:] = [output.mean((2, 3)) if output.ndim == 4 else output]

    handle = module.register_forward_hook(keep)
    try:
        yield answers
    finally:
        handle.remove()


@dataclass(frozen=True, eq=False)
class Ascent:
    """Gradient ascent on pictures.

    Attributes
    ----------
    network : Trainable
        In evaluation mode, so that pictures do not meet in batch normalisation.
    seen : callable
        Pictures (n, channels, height, width) in 0 … 1 as the network is given them.
    shape : tuple of int
        (channels, height, width) of a picture.
    shift : int
        Before every step the picture is moved round by up to so many pixels, against patterns of single pixels.
    """

    network: Any
    seen: Callable[[Tensor], Tensor]
    shape: tuple[int, int, int]
    steps: int = 100
    shift: int = 0
    batch: int = 16

    def channels(self, layer: Layer) -> int:
        """How many filters a layer has."""
        with torch.no_grad(), answers_of(layer.module) as answers:
            self.network(self.seen(torch.full((1, *self.shape), 0.5)))
        return answers[0].shape[1]

    def pictures(self, layer: Layer, filters: Sequence[int], seed: int, progress: Progress) -> tuple[Tensor, Tensor]:
        """For each filter the picture that it answers to most, and its answer before and after.

        Returns
        -------
        pictures : Tensor, shape (filters, channels, height, width), in 0 … 1
        answers : Tensor, shape (filters, 2)
        """
        generator = torch.Generator().manual_seed(seed)
        parts, answers = [], []
        for start in range(0, len(filters), self.batch):
            chosen = torch.tensor(filters[start : start + self.batch])
            done, share = start / len(filters), len(chosen) / len(filters)
            picture, answer = self._climb(layer, chosen, generator, _part(progress, done, share))
            parts.append(picture)
            answers.append(answer)
        return torch.cat(parts), torch.cat(answers)

    def _climb(
        self, layer: Layer, filters: Tensor, generator: torch.Generator, tell: Callable[[float], None]
    ) -> tuple[Tensor, Tensor]:
        _, height, width = self.shape
        size = (len(filters), self.shape[0], height, width // 2 + 1, 2)
        spectrum = (START * torch.randn(size, generator=generator)).requires_grad_()
        scale = _scale(height, width)
        optimiser = torch.optim.Adam([spectrum], lr=RATE)
        rows = torch.arange(len(filters))

        def picture() -> Tensor:
            waves = torch.fft.irfft2(torch.view_as_complex(spectrum) * scale, s=(height, width))
            return waves.sigmoid()

        with _held(self.network), answers_of(layer.module) as answers:
            first = self._answer(picture(), answers)[rows, filters].detach()
            for step in range(self.steps):
                down, across = torch.randint(-self.shift, self.shift + 1, (2,), generator=generator).tolist()
                answer = self._answer(picture().roll((down, across), (2, 3)), answers)[rows, filters]
                optimiser.zero_grad()
                (-answer.sum()).backward()
                optimiser.step()
                tell((step + 1) / self.steps)
            with torch.no_grad():
                best = picture()
                last = self._answer(best, answers)[rows, filters]
        return best, torch.stack([first, last], dim=1)

    def _answer(self, pictures: Tensor, answers: list[Tensor]) -> Tensor:
        self.network(self.seen(pictures))
        return answers[0]


def _part(progress: Progress, done: float, share: float) -> Callable[[float], None]:
    """Tells the progress of one part of the work, 0 … 1, as that of the whole."""
    return lambda fraction: progress.update(done + share * fraction)


def _scale(height: int, width: int) -> Tensor:
    """What each frequency is multiplied by: one over it, as in photographs, times √(pixels)."""
    down, across = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None]
    frequency = (down**2 + across**2).sqrt().clamp_min(1 / max(height, width))
    return math.sqrt(height * width) / frequency


@contextmanager
def _held(network: nn.Module) -> Iterator[None]:
    """While open, the network predicts and none of its parameters takes a gradient."""
    free = [parameter for parameter in network.parameters() if parameter.requires_grad]
    network.eval()
    for parameter in free:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in free:
            parameter.requires_grad_(True)
