"""Click options made from a method's ``Params``: the same names, bounds, defaults and words."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Sequence
from typing import Any, Literal, Union

import click
from pydantic.fields import FieldInfo

from workbench.errors import UsageError
from workbench.settings import Settings


class Values(click.ParamType):
    """Several values in one text, ``A,B,C``, each checked as one value of the setting is."""

    def __init__(self, of: click.ParamType) -> None:
        self.of = of
        self.name = f"{of.name},…"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Any, ...]:
        if not isinstance(value, str):
            return tuple(value)
        return tuple(self.of.convert(part.strip(), param, ctx) for part in value.split(",") if part.strip())


class Shots(click.ParamType):
    """A number of labelled target examples, or ``all``."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from workbench.running.specification import ALL_SHOTS

        if value == "all":
            return ALL_SHOTS
        try:
            number = int(value)
        except ValueError:
            number = -1
        if number < 0:
            self.fail(f"'{value}' is neither a number from 0 on nor 'all'", param, ctx)
        return number


COLUMNS: list[click.Parameter] = [
    click.Option(["--text"], metavar="COLUMN", help="Column of the text in tables given as paths; several as A,B."),
    click.Option(["--label"], metavar="COLUMN", help="Column of the label in tables given as paths."),
    click.Option(["--id"], metavar="COLUMN", help="Column that tells the rows apart: it is no feature."),
]
"""Options that name the columns of tables, for every command that reads any."""


def with_columns(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a command :data:`COLUMNS`; :func:`columns_of` takes their values."""
    for option in reversed(COLUMNS):
        command.__dict__.setdefault("__click_params__", []).append(option)
    return command


def columns_of(values: dict[str, Any]) -> dict[str, str]:
    """The columns that were named, taken out of a command's values."""
    given = {option.name: values.pop(option.name) for option in COLUMNS if option.name in values}
    return {name: column for name, column in given.items() if name and column is not None}


def from_params(params: Sequence[tuple[str, type[Settings]]]) -> list[click.Option]:
    """One option for each setting of one method, over all the tasks that it serves.

    ``params`` holds (task, Params) pairs. An option that is not given has no value, so that each task's own
    default holds.
    """
    holders: dict[str, list[tuple[str, FieldInfo]]] = {}
    for task, model in params:
        for name, field in model.model_fields.items():
            holders.setdefault(name, []).append((task, field))
    return [_option(name, fields, everywhere=len(fields) == len(params)) for name, fields in holders.items()]


def _option(name: str, holders: list[tuple[str, FieldInfo]], everywhere: bool) -> click.Option:
    field = holders[0][1]
    kind, is_flag = _type_of(field)
    flag = "--" + name.replace("_", "-")
    defaults = {task: other.default for task, other in holders}
    shown = [str(d) for d in dict.fromkeys(_shown(value) for value in defaults.values())]
    by_task = ", ".join(f"{_shown(value)} for {task}" for task, value in defaults.items() if _shown(value))
    default = shown[0] if len(shown) == 1 else by_task
    source = (field.json_schema_extra or {}).get("source", "") if isinstance(field.json_schema_extra, dict) else ""
    notes = [f"default: {default}"] if default else []
    notes += [str(source)] if source else []
    notes += [] if everywhere else [" and ".join(task for task, _ in holders) + " only"]
    words = f"{field.description or ''}  [{'; '.join(notes)}]" if notes else field.description
    names = [f"{flag}/--no-{flag[2:]}"] if is_flag else [flag]
    return click.Option([*names, name], type=kind, default=None, help=words)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return ",".join(_shown(part) for part in value)
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _type_of(field: FieldInfo) -> tuple[Any, bool]:
    """The click type of a setting and whether it is a flag."""
    annotation = _without_none(field.annotation)
    if typing.get_origin(annotation) in (tuple, list):
        one = FieldInfo(annotation=typing.get_args(annotation)[0])
        return Values(_type_of(one)[0]), False
    if typing.get_origin(annotation) is Literal:
        return click.Choice([str(choice) for choice in typing.get_args(annotation)]), False
    if annotation is bool:
        return click.BOOL, True
    if annotation in (int, float):
        return _range(field, annotation is int), False
    return click.STRING, False


def _without_none(annotation: Any) -> Any:
    """``T`` of ``T | None``; the annotation itself where it is no such union."""
    if typing.get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    return next(a for a in typing.get_args(annotation) if a is not type(None))


def _range(field: FieldInfo, whole: bool) -> Any:
    """The bounds of a number as click checks them."""
    bounds: dict[str, Any] = {}
    for constraint in field.metadata:
        for name, key, is_open in (
            ("ge", "min", False),
            ("gt", "min", True),
            ("le", "max", False),
            ("lt", "max", True),
        ):
            if getattr(constraint, name, None) is not None:
                bounds[key] = getattr(constraint, name)
                bounds[f"{key}_open"] = is_open
    if not bounds:
        return click.INT if whole else click.FLOAT
    return click.IntRange(**bounds) if whole else click.FloatRange(**bounds)


def named_values(texts: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """``NAME=A,B`` as a setting's name and its values."""
    return {field_name(name): tuple(value_of(part) for part in value.split(",")) for name, value in map(named, texts)}


def named(text: str) -> tuple[str, str]:
    """``NAME=VALUE`` as two texts; raises :class:`UsageError`."""
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise UsageError(f"'{text}' is not NAME=VALUE; give e.g. --grid dimensions=20,50")
    return name, value


def field_name(option: str) -> str:
    """``source-size`` as the field ``source_size``."""
    return option.lstrip("-").replace("-", "_")


def value_of(text: str) -> Any:
    """A number, truth value or list where the text is one in JSON; the text itself otherwise."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if isinstance(value, list):
        return tuple(value)
    return value if isinstance(value, bool | int | float) else text
