"""Checks of a plugin's package: what its import costs, and that every module of it compiles."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

from workbench.testing.checking import Check, Failed, run

HEAVY = ("torch", "transformers", "spacy", "sklearn", "scipy", "matplotlib", "pandas")
"""What a plugin's package must not import by itself: it would slow every start of ``wb``."""

SLOWEST_IMPORT = 1.0
"""Seconds that importing a plugin's package may add to the start."""


def check_package(module: str) -> list[Check]:
    """What importing a plugin's package costs, and whether all of it is Python."""
    return [
        run(module, "start-up", lambda: _check_import(module)),
        run(module, "every module compiles", lambda: _check_compiles(module)),
    ]


def _check_import(module: str) -> None:
    """Import the package alone, in a fresh interpreter."""
    script = (
        "import sys, time; start = time.perf_counter()\n"
        f"import {module}\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], time.perf_counter() - start)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"cannot be imported alone: {done.stderr.strip().splitlines()[-1]}")
    heavy, _, seconds = done.stdout.strip().splitlines()[-1].rpartition(" ")
    if heavy != "[]":
        raise Failed(f"imports {heavy} at start; import them where they are used")
    if float(seconds) > SLOWEST_IMPORT:
        raise Failed(f"importing it takes {float(seconds):.1f} s")


def _check_compiles(module: str) -> None:
    spec = importlib.util.find_spec(module)
    places = list(spec.submodule_search_locations or ()) if spec else []
    files = [path for place in places for path in sorted(Path(place).rglob("*.py"))]
    if spec is not None and spec.origin and not places:
        files = [Path(spec.origin)]
    for path in files:
        try:
            compile(path.read_bytes(), str(path), "exec")
        except (SyntaxError, ValueError) as error:
            raise Failed(f"{path.name}: {error}") from None
