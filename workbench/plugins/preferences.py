"""What the user decided about plugins, kept in a file that outlives the environment: disabled and installed ones."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from workbench import environment
from workbench.errors import DataError

FILE = "plugins.json"


@dataclass(frozen=True)
class Preferences:
    """Names of plugins that are not loaded, and what was installed, as it was given to pip."""

    disabled: tuple[str, ...] = ()
    installed: tuple[tuple[str, ...], ...] = ()
    """Each a call of ``wb plugins install``: pip's arguments, paths made absolute."""

    def disable(self, name: str) -> Preferences:
        return replace(self, disabled=(*(n for n in self.disabled if n != name), name))

    def enable(self, name: str) -> Preferences:
        return replace(self, disabled=tuple(n for n in self.disabled if n != name))

    def add(self, arguments: tuple[str, ...]) -> Preferences:
        return replace(self, installed=(*(given for given in self.installed if given != arguments), arguments))

    def forget(self, name: str) -> Preferences:
        """Without the calls that installed just this distribution, by its name or from a folder of that name."""
        kept = tuple(given for given in self.installed if not _installs(given, name))
        return replace(self, installed=kept)

    def write(self) -> None:
        """Raises :class:`WbError` where the disk refuses."""
        import json

        from workbench.files import write_atomically

        write_atomically(path(), json.dumps(asdict(self), indent=1) + "\n")


def path() -> Path:
    return environment.config_folder() / FILE


def read() -> Preferences:
    """What the user decided so far. Raises :class:`DataError` for a damaged file."""
    place = path()
    if not place.is_file():
        return Preferences()
    import json

    try:
        values = json.loads(place.read_text(encoding="utf-8"))
        return Preferences(
            tuple(str(name) for name in values["disabled"]),
            tuple(tuple(str(part) for part in given) for given in values["installed"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path()}: cannot be read ({error}); mend or remove it") from None


def _installs(arguments: tuple[str, ...], name: str) -> bool:
    """Whether a call installs the distribution ``name`` and nothing else."""
    wanted = [argument for argument in arguments if not argument.startswith("-")]
    return len(wanted) == 1 and canonical(Path(wanted[0]).name.partition("[")[0]) == canonical(name)


def canonical(name: str) -> str:
    """A distribution's name as packaging compares it (PEP 503)."""
    return "-".join(part for part in name.lower().replace("_", "-").replace(".", "-").split("-") if part)
