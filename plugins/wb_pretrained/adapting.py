"""Every loss of ``wb_deep`` over the pretrained bodies: words, texts, images. The classes are made when asked for.

``texts_DAN`` is :class:`wb_deep.methods.dan.DAN` over texts, and so on.
"""

from __future__ import annotations

import importlib
from functools import cache

from wb_deep import LOSSES
from wb_deep.bodies.body import Body
from wb_deep.methods.adaptation import Adaptation, over
from wb_pretrained.defaults import DEFAULTS
from wb_pretrained.images.bodies import Images
from wb_pretrained.text.bodies import Texts, Words

BODIES: dict[str, type[Body]] = {"words": Words, "texts": Texts, "images": Images}


@cache
def __getattr__(name: str) -> type[Adaptation]:
    body, _, wanted = name.partition("_")
    for method, reference, *_ in LOSSES:
        module, _, class_name = reference.partition(":")
        if class_name == wanted and body in BODIES:
            loss = getattr(importlib.import_module(f"wb_deep.methods.{module}"), class_name)
            return over(loss, BODIES[body], DEFAULTS.get(method, {}))
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
