"""The conformance kit, for our plugins and for everybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.testing.checking import Check
    from workbench.testing.kit import assert_conforms, check_plugin

_PUBLIC = {
    "Check": "checking",
    "assert_conforms": "kit",
    "check_plugin": "kit",
}

__all__ = [
    "Check",
    "assert_conforms",
    "check_plugin",
]
__getattr__ = lazily(__name__, _PUBLIC)
