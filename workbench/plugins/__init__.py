"""The door: hooks, what is registered, and how plugins are found, loaded and isolated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.plugins.hookspecs import hookimpl, hookspec
    from workbench.plugins.loading import Host, Plugin, load

_PUBLIC = {
    "Host": "loading",
    "Plugin": "loading",
    "hookimpl": "hookspecs",
    "hookspec": "hookspecs",
    "load": "loading",
}

__all__ = [
    "Host",
    "Plugin",
    "hookimpl",
    "hookspec",
    "load",
]
__getattr__ = lazily(__name__, _PUBLIC)
