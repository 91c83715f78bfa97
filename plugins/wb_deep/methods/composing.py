"""The settings of a body and of a loss as one class."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from pydantic import create_model

from workbench.settings import Settings


def combined(body: type[Settings], loss: type[Settings], defaults: Mapping[str, Any]) -> type[Settings]:
    """The settings of a body and then those of a loss, with other ``defaults`` where any are given.

    Raises ``ValueError`` for a default of a setting that neither has, and for a setting that both have.
    """
    own = {name: field for name, field in loss.model_fields.items() if name not in Settings.model_fields}
    fields = {**body.model_fields, **own}
    if twice := own.keys() & body.model_fields.keys():
        raise ValueError(f"{body.__qualname__} has the setting '{min(twice)}' of {loss.__qualname__} already")
    if unknown := defaults.keys() - fields.keys():
        raise ValueError(f"neither {body.__qualname__} nor {loss.__qualname__} has a setting '{min(unknown)}'")
    changed: dict[str, Any] = {}
    for name in [*own, *(name for name in defaults if name not in own)]:
        field = copy(fields[name])
        field.default = defaults.get(name, field.default)
        changed[name] = (field.annotation, field)
    return create_model("Params", __base__=body, __doc__="Settings of the training and of the loss.", **changed)
