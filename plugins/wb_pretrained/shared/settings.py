"""Settings that fine-tuning shares, whatever the pretrained network is."""

from __future__ import annotations

from pydantic import Field

from wb_deep.bodies.body import EngineParams


class FittingParams(EngineParams):
    """How a pretrained network is trained with its new head."""

    epochs: int = Field(3, ge=1, le=1000, description="Passes over the source, or over the larger domain.")
    batch_size: int = Field(16, ge=2, le=1024, description="Examples of each domain in a step.")
    rate: float = Field(1e-4, gt=0, le=1, description="Step size of AdamW at its height; the head's is 20 times it.")
    layer_decay: float = Field(1.0, gt=0, le=1, description="Step size of each layer over that of the one above.")
    gradual_unfreezing: bool = Field(False, description="Set one more layer free with each epoch, from the top.")
    l2_sp: float = Field(0.0, ge=0, le=1e3, description="Pull of the layers back to where they began (L2-SP).")
