"""Settings as validated values: pydantic models whose errors fit one line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

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
