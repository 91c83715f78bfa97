"""Transformers trained with their head: on the source alone, and after masked-language-model training on the target."""

from __future__ import annotations

from wb_deep.methods.base import DeepMethod
from wb_pretrained.text import bodies


class Transformer(DeepMethod):
    """A pretrained encoder and a linear head over words, trained on the source alone; the target is not touched.

    Source: Devlin, Chang, Lee & Toutanova (NAACL 2019), § 3.2; Howard & Ruder (ACL 2018), layer-wise step sizes and
    gradual unfreezing; Li, Grandvalet & Davoine (ICML 2018), L2-SP; Hu et al. (ICLR 2022), LoRA.

    Differs from the paper
    ----------------------
    A word is its first and its last piece, not the first alone; the embeddings are frozen; the head's step size is
    20 times that of the layers.
    """

    body = bodies.Words


class TextTransformer(DeepMethod):
    """A pretrained encoder and a linear head over whole texts, trained on the source alone.

    Source: as for words.

    Differs from the paper
    ----------------------
    The head reads the mean of the pieces' vectors, not the first piece's; the embeddings are frozen; the head's step
    size is 20 times that of the layers.
    """

    body = bodies.Texts


class FineTuned(DeepMethod):
    """Masked-language-model training of the encoder on the target's unlabelled text, then fine-tuning on the source.

    The budget of the fine-tuning is the baseline's; the language model's comes on top and is not shared with it.

    Source: Gururangan et al. (ACL 2020), Don't stop pretraining; Han & Eisenstein (EMNLP 2019), AdaptaBERT.

    Differs from the paper
    ----------------------
    Whole words are hidden; the language model's head is new, so it is trained alone for the first tenth; the target's
    text alone, not the source's too.
    """

    body = bodies.AdaptedWords


class TextFineTuned(DeepMethod):
    __doc__ = FineTuned.__doc__
    body = bodies.AdaptedTexts


class HeadFeatures(DeepMethod):
    """The transformer with further features of words, which the head reads beside the encoder's vectors.

    A featurizer that learns from the unlabelled text of both domains, such as SCL's projection, tells the head of a
    word that the source lacks what its contexts share with words that it has.

    Source: Blitzer, McDonald & Pereira (EMNLP 2006): projected features beside a tagger's own.

    Differs from the paper
    ----------------------
    The tagger's own features are the vectors of a pretrained encoder.
    """

    body = bodies.HeadFeatures


class FineTunedHeadFeatures(HeadFeatures):
    """Both: the encoder goes on with its language model on the target's text, and the head reads further features.

    Source: as for either.

    Differs from the paper
    ----------------------
    As either does.
    """

    body = bodies.AdaptedHeadFeatures
