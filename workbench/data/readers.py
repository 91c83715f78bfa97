"""The contract of a file reader: files in, examples with label *names* out.

A reader sees :class:`SourceFile` objects, so that a file on disk, a member of an archive and a resource of a
Python package all read the same way and nothing needs unpacking.
"""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, ClassVar

import numpy as np

from workbench.data.rows import Rows
from workbench.errors import DataError
from workbench.settings import Settings


@dataclass(frozen=True)
class SourceFile:
    """One file to read: ``name`` for messages and for choosing by name, ``read_bytes`` for its content."""

    name: str
    read_bytes: Callable[[], bytes] = field(repr=False)
    path: Path | None = None
    """Where the bytes lie as a file of their own; None inside an archive."""
    in_class: bool = True
    """Whether the folder that it lies in may be its class: neither a split's nor the one that the user named."""

    def open(self) -> IO[bytes]:
        """The content as a stream: of a file on disk without holding it in memory."""
        return self.path.open("rb") if self.path is not None else io.BytesIO(self.read_bytes())

    def read_text(self, encoding: str = "utf-8") -> str:
        """The content as text; raises :class:`DataError` that names the file and the byte at fault."""
        data = self.read_bytes()
        if b"\0" in data[:4096] and not encoding.lower().startswith(("utf-16", "utf-32")):
            raise DataError(f"{self.name}: this is a binary file, not text; give the text file itself")
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise DataError(
                f"{self.name}, line {line}: not {encoding} text (byte 0x{data[error.start]:02x}); "
                "convert the file to UTF-8 or name its encoding, e.g. READER:PATH?encoding=latin-1"
            ) from None
        except LookupError:
            raise DataError(f"{self.name}: unknown encoding '{encoding}'; use e.g. utf-8 or latin-1") from None


@dataclass(frozen=True, eq=False)
class Examples:
    """What a reader returns: n inputs and, unless they were not asked for, n label names.

    ``labels`` is a list of n names; for sequences a list of n lists of names, one per token; for a task with real
    labels a list of n floats. An example without a label has None in its place; where none has any, ``labels`` may be
    None as well.
    """

    inputs: Any
    labels: Any = field(default=None, repr=False)
    notices: tuple[str, ...] = ()
    """What the user should know, e.g. "3 empty sentences skipped"; shown once, on stderr."""
    documents: Sequence[str] | None = field(default=None, repr=False)
    """The document that each example is from, n names, where the format knows; intervals and tests resample these."""
    why_unlabelled: str = ""
    """Why there are no labels and what to do, where they were asked for: what a source without labels is told."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The columns that were read, as the reader's settings that name them, e.g. ``{"text": "title,body"}``."""

    @property
    def with_label(self) -> np.ndarray:
        """Positions (k,) of the examples that carry a label."""
        labels = () if self.labels is None else self.labels
        return np.flatnonzero([label is not None for label in labels])


NO_CLASSES = "the files lie in no class's folder: make one folder for each class"
"""Why there are no labels in a format whose folders are classes."""


def class_of(file: SourceFile) -> str | None:
    """The name of the folder that a file lies in, of formats whose folders are classes; None where it is no class's."""
    parent = file.path.parent.name if file.path is not None else PurePosixPath(file.name).parent.name
    return parent if file.in_class and parent else None


class Reader(ABC):
    """Reads one file format. Subclasses set :class:`Params` and implement :meth:`read`."""

    split_names: ClassVar[Mapping[str, str]] = {}
    """What the format's files call a split besides its own name, e.g. ``{"t10k": "test"}``."""

    folders_are_classes: ClassVar[bool] = False
    """Whether the folder that a file lies in is its class, where :attr:`SourceFile.in_class` says that it may be; then
    the files' own names say no split."""

    columns: ClassVar[Mapping[str, str]] = {}
    """The setting that each of the options ``--text``, ``--label`` and ``--id`` gives, by the option's name; empty for
    a format without columns."""

    sample: ClassVar[str | bytes] = ""
    """A small file in the format, on which the conformance kit tries the reader."""

    class Params(Settings):
        """Settings of the reader; every one can be given as ``READER:PATH?name=value``."""

    def __init__(self, params: Settings | None = None) -> None:
        self.params: Any = params if params is not None else self.Params()

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """Whether a file that begins with ``head`` looks like this format (asked when the suffix fits).

        A reader that does not override this is taken only where none that looks at the content accepts the file.
        """
        return True

    @abstractmethod
    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        """Read all ``files`` in order as one run of examples.

        With ``labelled=False`` the result carries no labels at all. Files that hold none are nothing wrong: with
        ``labelled`` their ``labels`` are None, for a target needs none. Raises :class:`DataError` (file, line, what
        to do) for content that is not in the format.
        """

    def rows(self, files: Sequence[SourceFile]) -> Rows:
        """The rows of ``files`` one after the other, bad ones too, so that predictions can go back beside them.

        By default the examples that :meth:`read` gives, numbered: a format that has rows of its own, and a place for
        predictions in them, overrides this.
        """
        from workbench.data.example_rows import ExampleRows

        examples = self.read(files, labelled=False)
        return ExampleRows(examples.inputs, examples.notices)
