"""Settings that several losses have, each with a default of its own."""

from __future__ import annotations

from typing import Any

from pydantic import Field


def weight(default: float) -> Any:
    return Field(default, ge=0, le=1e6, description="Of the loss beside the source's cross-entropy.")


def steepness(default: float) -> Any:
    """Of a loss whose weight grows along the ramp; 3 still rises at the end, the papers' 10 is all but done after a
    third of the training."""
    words = "Of the ramp of the loss's weight, 2 / (1 + exp(−steepness · p)) − 1 at a share p; 0: no ramp."
    return Field(default, ge=0, le=1000, description=words)


def shares(default: float, words: str) -> Any:
    """Of a loss that takes the classes' predicted shares in the target into account."""
    return Field(default, ge=0, le=1, description=f"{words}; 0: not at all, 1: wholly.")


def temperature(default: float) -> Any:
    """Of a loss that looks at softened predictions."""
    words = "By which the logits are divided in the loss, so that sure predictions can still be moved; 1: not at all."
    return Field(default, gt=0, le=100, description=words)


def layers(default: str) -> Any:
    return Field(
        default, description="What is aligned: the last hidden layer, or the predicted probabilities too (both)."
    )


def memory(default: float, of: str) -> Any:
    """Of a loss that averages over the last steps."""
    return Field(default, ge=0, lt=1, description=f"Share of the earlier steps in the {of}; 0: of the batch alone.")


def discriminator_rate(default: float) -> Any:
    return Field(default, gt=0, le=1, description="Step size of the discriminators.")


def threshold(default: float) -> Any:
    return Field(default, ge=0, le=1, description="The probability from which a prediction is taken for a label.")
