"""Losses between domains over a pretrained network that is trained with them: of words, of texts, of images.

The loss terms are those of ``wb_deep``; a method here is a term, a pretrained body and a default weight.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, create_model

from wb_deep.methods.loss_method import ESTIMATOR
from wb_pretrained.images.methods import FineTune
from wb_pretrained.text.methods import TextTransformer, Transformer

WEIGHT = "Of the loss term beside the source's cross-entropy."


def _over_each(name: str, term: str, weight: float, summary: str, **of_term: Any) -> tuple[type, type, type]:
    """The method over word vectors, over text vectors and over image features; ``of_term``: settings of the term."""
    made = []
    for base, prefix, of in (
        (Transformer, "", "the vectors of words"),
        (TextTransformer, "Text", "the vectors of texts"),
        (FineTune, "Image", "the features of images"),
    ):
        body: dict[str, Any] = {
            "__module__": __name__,
            "__doc__": f"{summary} Here over {of}, given by a pretrained network that is trained with the loss.",
            "Params": _params(base.Params, weight, base is FineTune, of_term),
            "term": term,
            "of_term": tuple(of_term),
        }
        made.append(type(f"{prefix}{name}", (base,), body))
    return made[0], made[1], made[2]


def _params(base: Any, default: float, norm: bool, of_term: dict[str, Any]) -> Any:
    """The body's settings and those of the loss."""

    class Params(base):  # type: ignore[misc]
        """Settings of the fine-tuning and of the loss term."""

        weight: float = Field(default, ge=0, le=1e6, description=WEIGHT)

    class NormParams(Params):
        """The same for a body with batch normalisation."""

        batch_norm: Literal["joint", "separate"] = Field(
            "joint", description="Whether batch normalisation sees both domains in one batch, or each by itself."
        )

    return create_model("Params", __base__=NormParams if norm else Params, **of_term)


DDC, TextDDC, ImageDDC = _over_each(
    "DDC", "wb_deep.losses.distances:DDC", 0.1, "Deep domain confusion: one-kernel MMD (Tzeng et al. 2014)."
)

DeepCORAL, TextDeepCORAL, ImageDeepCORAL = _over_each(
    "DeepCORAL", "wb_deep.losses.distances:DeepCORAL", 1.0, "Deep CORAL: covariances (Sun & Saenko 2016)."
)

DAN, TextDAN, ImageDAN = _over_each(
    "DAN",
    "wb_deep.losses.distances:DAN",
    0.1,
    "Deep adaptation network: multi-kernel MMD (Long et al. 2015).",
    estimator=(Literal["quadratic", "linear"], ESTIMATOR),
)

DANN, TextDANN, ImageDANN = _over_each(
    "DANN",
    "wb_deep.losses.discriminators:DANN",
    0.1,
    "Domain-adversarial network: a discriminator behind a gradient reversal (Ganin et al. 2016).",
)

MCC, TextMCC, ImageMCC = _over_each(
    "MCC",
    "wb_deep.losses.predictions:MCC",
    0.1,
    "Minimum class confusion of the target's predictions (Jin et al. 2020).",
)
