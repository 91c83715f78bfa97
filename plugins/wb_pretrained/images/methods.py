"""Pretrained image networks on the source: all of it fine-tuned, its head alone, with the target's statistics."""

from __future__ import annotations

from wb_deep.methods.base import DeepMethod
from wb_pretrained.images.bodies import FrozenImages, Images


class FineTune(DeepMethod):
    """A pretrained image network with a new head, trained on the labelled source (and on shots, where given).

    Its baseline trains the head alone, over the same pretrained features and with the same budget, so the verdict
    says what moving the layers brings *on the target*, which need not be what it brings on the source.

    Source: Yosinski, Clune, Bengio & Lipson (NeurIPS 2014), freezing by depth; Howard & Ruder (ACL 2018), layer-wise
    step sizes and gradual unfreezing; Li, Grandvalet & Davoine (ICML 2018), L2-SP; Kumar et al. (ICLR 2022),
    fine-tuning against its linear probe under a shift.

    Differs from the paper
    ----------------------
    AdamW with a linear schedule in place of gradient descent; no augmentation.
    """

    body = Images


class LinearProbe(DeepMethod):
    """The same pretrained network with all but the head as it is: the features' own worth.

    Source: Kornblith, Shlens & Le (CVPR 2019), Do better ImageNet models transfer better?

    Differs from the paper
    ----------------------
    The head is trained by AdamW for as long as the whole network would be, not by logistic regression to its optimum.
    """

    body = FrozenImages


class FineTuneAdaBN(FineTune):
    """The fine-tuned network with batch-norm statistics of the target: adaptation that needs no training.

    Source: Li, Wang, Shi, Hou & Liu (Pattern Recognition 2018), Adaptive batch normalization.

    Differs from the paper
    ----------------------
    The statistics are plain averages over batches of at most 256 target examples; frozen layers keep theirs.
    """

    target_statistics = True
