"""What can be reached from an object: used to prove that a method is given no target labels."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from workbench.data.inputs import Labels

LEAVES = (str, bytes, int, float, complex, bool, type(None), type, types.ModuleType, np.dtype)


def reachable(start: Any) -> Iterator[Any]:
    """Every object that can be reached from ``start``: attributes, slots, items, closures, array bases, frames.

    Types, modules and the globals of functions are not entered: they are the program, not the data.
    """
    stack, seen = [start], set()
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if not isinstance(current, LEAVES):
            stack.extend(_parts(current))


def _parts(current: Any) -> Iterator[Any]:
    if isinstance(current, Mapping):
        yield from current.keys()
        yield from current.values()
    elif isinstance(current, list | tuple | set | frozenset):
        yield from current
    elif isinstance(current, np.ndarray):
        yield current.base
        if current.dtype == object:
            yield from current.ravel().tolist()
    if isinstance(current, types.FunctionType):
        yield from (cell.cell_contents for cell in current.__closure__ or () if _filled(cell))
        yield from current.__defaults__ or ()
        yield from (current.__kwdefaults__ or {}).values()
    elif isinstance(current, types.MethodType):
        yield current.__self__
        yield current.__func__
    elif isinstance(current, types.GeneratorType) and current.gi_frame is not None:
        yield from current.gi_frame.f_locals.values()
    yield from getattr(current, "__dict__", {}).values() if not isinstance(current, types.FunctionType) else ()
    for kind in type(current).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if hasattr(current, name):
                yield getattr(current, name)


def _filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def find_labels(start: Any, labels: Labels, names: Any = None) -> list[str]:
    """Descriptions of every reachable object that equals the given labels (ids or names); empty when none does."""
    whole = [_plain(labels)] + ([_plain(names)] if names is not None else [])
    rows = {id(row) for row in labels} if not isinstance(labels, np.ndarray) else set()
    leaks = []
    for thing in reachable(start):
        if id(thing) in rows or thing is labels:
            leaks.append(f"the gold itself, a {type(thing).__name__}")
        elif isinstance(thing, np.ndarray | list | tuple) and len(thing) == len(whole[0]) and _plain(thing) in whole:
            leaks.append(f"a {type(thing).__name__} equal to the gold")
    return leaks


def _plain(values: Any) -> Any:
    """Nested lists of Python values, for comparison."""
    if isinstance(values, np.ndarray):
        return values.tolist()
    return [_plain(v) if isinstance(v, np.ndarray | list | tuple) else v for v in values]
