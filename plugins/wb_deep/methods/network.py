"""The small network on the source alone, and with the batch statistics of the target."""

from __future__ import annotations

from wb_deep.bodies.small import SmallNetwork
from wb_deep.methods.base import DeepMethod


class SourceNetwork(DeepMethod):
    """A small network trained on the labelled source alone: a LeNet for images, a perceptron for vectors and texts.

    Texts are the vectors of a frozen sentence encoder. The last epoch is kept. Nothing of the target is used, not
    even its batch-norm statistics.

    Differs from the paper
    ----------------------
    Nothing: there is no paper.
    """

    body = SmallNetwork


class AdaBN(SourceNetwork):
    """The source's network with batch-norm statistics of the target: a free baseline that every method must beat.

    Source: Li, Wang, Shi, Hou & Liu (Pattern Recognition 2018), Adaptive batch normalization.

    Differs from the paper
    ----------------------
    The statistics are plain averages over batches of at most 256 target examples, not a running estimate.
    """

    target_statistics = True
