"""Settings as validated values: pydantic models whose errors fit one line."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from workbench.errors import UsageError, nearest


class Settings(BaseModel):
    """Base of every ``Params``: immutable, no unknown names, and errors that say what to give instead."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    @classmethod
    def parse(cls, values: Mapping[str, Any], where: str = "") -> Self:
        """Validate ``values``; raises :class:`UsageError` that names the first setting at fault."""
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise UsageError(describe(error, cls.model_fields, where)) from None

    def shared_with(self, other: type[Settings], always: Collection[str] = ()) -> dict[str, Any]:
        """The values that ``other`` takes over: of the settings that it has too, those given and those in ``always``.

        A setting that nobody gave keeps the default of ``other``, which may not be the default here.
        """
        return {
            name: getattr(self, name)
            for name in other.model_fields
            if name in type(self).model_fields and (name in self.model_fields_set or name in always)
        }


def describe(error: ValidationError, known: Mapping[str, Any], where: str = "") -> str:
    """One line for a pydantic error: which setting, what is wrong, what it takes."""
    first = error.errors()[0]
    message = first["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    name = ".".join(str(part) for part in first["loc"]) or "settings"
    prefix = f"{where}: " if where else ""
    if first["type"] == "extra_forbidden":
        near = nearest(name, known)
        advice = f"did you mean '{near}'?" if near else f"it takes: {', '.join(known) or 'none'}"
        return f"{prefix}no setting '{name}'; {advice}"
    return f"{prefix}setting '{name}': {message} (got {first.get('input')!r})"


@dataclass(frozen=True)
class Described:
    """One setting in words, for people."""

    name: str
    takes: str
    """What it takes, e.g. ``"whole number from 20 to 1000"``."""
    default: str
    """Empty where it must be given, or where nothing is the default."""
    required: bool
    description: str


def described(model: type[BaseModel]) -> list[Described]:
    """Every setting of a model, in order."""
    return [
        Described(name, _takes(field), _default(field), field.is_required(), field.description or "")
        for name, field in model.model_fields.items()
    ]


WORDS: Mapping[Any, str] = {int: "whole number", float: "number", str: "text", bool: "true or false", Any: "value"}


def _takes(field: FieldInfo) -> str:
    bounds = {
        name: f"{getattr(constraint, name)}"
        for constraint in field.metadata
        for name in ("ge", "gt", "le", "lt")
        if getattr(constraint, name, None) is not None
    }
    words = {"ge": "from", "gt": "above", "le": "to", "lt": "below"}
    return " ".join([_type_in_words(field.annotation), *(f"{words[name]} {bound}" for name, bound in bounds.items())])


def _type_in_words(annotation: Any) -> str:
    origin, of = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_type_in_words(kind) for kind in of if kind is not type(None))
    if origin is Literal:
        return " or ".join(map(str, of))
    if origin is tuple:
        inner = [kind for kind in of if kind is not ...]
        return f"list of {_type_in_words(inner[0])}" if ... in of else f"list of {len(inner)}"
    if origin is dict:
        return f"table of {_type_in_words(of[1])}"
    name = getattr(annotation, "__name__", str(annotation))
    return WORDS.get(annotation) or re.sub("(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or value is None or (not value and not isinstance(value, bool | int | float)):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
