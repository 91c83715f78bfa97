"""Writing a new plugin project from the templates: what all have in common, and what is of its kind."""

from __future__ import annotations

import importlib.metadata
import re
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from workbench import environment
from workbench.errors import UsageError
from workbench.files import new_folder

COMMON = {
    "pyproject.toml.txt": "pyproject.toml",
    "README.md.txt": "README.md",
    "LICENSE.txt": "LICENSE",
    "gitignore.txt": ".gitignore",
    "test.yml.txt": ".github/workflows/test.yml",
    "test_plugin.py.txt": "tests/test_@PACKAGE@.py",
}
"""Templates of every kind and the files that they become; those of a kind become modules or example files."""

PAIR = "--src shift/covariate-source --tgt shift/covariate-target"
FILES = "--src @FOLDER@/examples/source.@NAME@ --tgt @FOLDER@/examples/target.@NAME@"

TRIALS = {
    "method": f"wb run @NAME@ {PAIR}",
    "reader": f"wb run source-only {FILES}",
    "task": f"wb run @NAME@-majority {FILES}",
    "evaluator": f"wb run source-only {PAIR}",
    "selector": f"wb run source-only {PAIR} --select @NAME@ --grid classifier=logreg,1nn",
    "estimator": "wb plugins check @DISTRIBUTION@",
    "figure": f"wb run source-only {PAIR} && wb runs draw last",
    "command": "wb @NAME@ --top 3",
}
"""For each kind the command line that shows the new plugin at work."""

NEEDS = {"figure": ("matplotlib>=3.8",)}
"""What a kind's template imports besides wb."""


@dataclass(frozen=True)
class Written:
    """A new project: where it lies, and the command line that shows it at work."""

    folder: Path
    name: str
    trial: str


def write_plugin(name: str, parent: Path, kind: str = "method") -> Written:
    """Write the package of a new plugin that registers one thing of a kind.

    Raises :class:`UsageError` when the name is no package name or the folder exists.
    """
    plain = name.lower().replace("_", "-").removeprefix("wb-")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", plain):
        raise UsageError(f"'{name}' cannot name a package: use letters, digits and hyphens, a letter first")
    folder = parent / f"wb-{plain}"
    if folder.exists():
        raise UsageError(f"{folder} exists; choose another name or --dir")
    words = _words(plain, kind)
    with new_folder(folder) as temporary:
        for template, text in _templates(kind):
            target = temporary / _filled(template, words)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_filled(text, {**words, "TRIAL": TRIALS[kind], "FOLDER": "."}), encoding="utf-8")
    return Written(folder, plain, _filled(TRIALS[kind], {**words, "FOLDER": str(folder)}))


def _templates(kind: str) -> list[tuple[str, str]]:
    """Every file of a project of that kind with its text, both with words still to be filled in."""
    templates = resources.files("workbench.plugins") / "templates"
    files = [(path, (templates / "common" / name).read_text(encoding="utf-8")) for name, path in COMMON.items()]
    for template in (templates / kind).iterdir():
        stem = template.name.removesuffix(".txt")
        side, _, example = stem.partition(".example")
        path = f"@PACKAGE@/{stem}" if stem.endswith(".py") else f"examples/{side}.@NAME@{example}"
        files.append((path, template.read_text(encoding="utf-8")))
    return files


def _words(name: str, kind: str) -> dict[str, str]:
    needed = [f"{environment.NAME}{_bounds()}", *NEEDS.get(kind, ())]
    return {
        "NAME": name,
        "SNAKE": name.replace("-", "_"),
        "PACKAGE": "wb_" + name.replace("-", "_"),
        "DISTRIBUTION": f"wb-{name}",
        "CLASS": "".join(part.capitalize() for part in name.split("-")),
        "KIND": kind,
        "YEAR": str(date.today().year),
        "DEPENDENCIES": ", ".join(f'"{requirement}"' for requirement in needed),
    }


def _filled(text: str, words: dict[str, str]) -> str:
    for word in ("TRIAL", *words):
        text = text.replace(f"@{word}@", words.get(word, f"@{word}@"))
    return text


def _bounds() -> str:
    """From this version of wb up to the next that may break plugins (a minor one before 1.0)."""
    try:
        major, minor = importlib.metadata.version(environment.NAME).split(".")[:2]
    except importlib.metadata.PackageNotFoundError:
        return ""
    return f">={major}.{minor},<{f'0.{int(minor) + 1}' if major == '0' else int(major) + 1}"
