"""Checks of tasks, readers and data sets."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from workbench.data import archives, cards, opening
from workbench.data.corpus import Corpus
from workbench.data.inputs import iterate
from workbench.data.openers import Opener
from workbench.data.readers import Examples, Reader
from workbench.data.tasks import Task
from workbench.errors import DataError, UsageError, WbError
from workbench.plugins.entries import CorpusEntry, ReaderEntry, TaskEntry
from workbench.plugins.loading import Host
from workbench.testing.checking import Check, Failed, require, run_all
from workbench.testing.examples import as_bytes, example, label_names, sure

GARBAGE = {
    "nothing": b"",
    "bytes that are no text": bytes([0, 255, 254, 128, 3, 0]) * 50,
    "a cut file": b"PK\x03\x04{[<(",
}
"""What a reader must refuse in one line, or find no examples in."""


def check_task(entry: TaskEntry, host: Host) -> list[Check]:
    """A task's example, its label names there and back, and what it shows and stores."""

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        kind = entry.load()
        require(isinstance(kind, type) and issubclass(kind, Task), "the factory is not a subclass of workbench.Task")
        for registry in (host.methods, host.evaluators):
            some = registry.for_task(entry.name)
            require(some, f"no {registry.kind} for this task is registered, so nothing can run")

    def examples() -> None:
        task: Task = entry.load()()
        source, target = example(task, (), 0)
        require(source.task == entry.name == target.task, f"its example is for '{source.task}', not '{entry.name}'")
        require(source.has_labels and target.has_labels, "both sides of its example must be labelled")
        require(len(source) and len(target), "a side of its example is empty")
        require(as_bytes(source.inputs) == as_bytes(task.example(0)[0].inputs), "its example differs from call to call")

    def names() -> None:
        task: Task = entry.load()()
        source, _ = example(task, (), 0)
        given = label_names(source)
        classes = task.class_names(given)
        require(list(classes) == sorted(classes), "class_names are not sorted")
        require(set(classes) <= set(source.classes), "class_names finds names that the labels do not hold")
        back = task.encode(given, tuple(source.classes))
        alike = all(np.array_equal(a, b) for a, b in zip(back, source.labels, strict=True))
        require(alike, "encode does not give the labels back whose names it is given")

    def shown() -> None:
        task: Task = entry.load()()
        _, target = example(task, (), 0)
        rows = list(task.rows(target.inputs, target.labels, target.classes))
        require(len(rows) == len(target), f"rows gives {len(rows)} rows for {len(target)} examples")
        require(all({"input", "label"} <= set(row) for row in rows), "a row lacks 'input' or 'label'")
        json.dumps(rows)
        lines = task.render(target.inputs, sure(target.labels, target.classes))
        require(all(isinstance(line, str) for line in lines), "render gives something else than lines of text")
        chosen, held = task.choose_shots(target, 1, 0)
        require(len(chosen) and max(chosen) < len(target), "choose_shots gives no examples, or ones that are not there")
        require(set(np.asarray(chosen)) <= set(np.asarray(held)), "shots that are given are scored as well")

    steps = (("example", examples), ("label names there and back", names), ("shown and stored", shown))
    return run_all(f"{entry.name} (task)", ("contract", contract), *steps)


def check_reader(entry: ReaderEntry, host: Host) -> list[Check]:
    """A reader's contract, what it says of garbage, and, on its own sample, that reading is pure."""
    contract = partial(_check_contract, entry, host)
    if entry.opens:
        return run_all(f"{entry.name} (opener)", ("contract", contract))
    steps = (("garbage refused", _check_garbage), ("pure", _check_pure), ("rows", _check_rows))
    return run_all(
        f"{entry.name} (reader)", ("contract", contract), *((name, partial(step, entry)) for name, step in steps)
    )


def _check_contract(entry: ReaderEntry, host: Host) -> None:
    require(entry.summary, "registered without a summary")
    kind = entry.load()
    if entry.opens:
        require(isinstance(kind, type) and issubclass(kind, Opener), "the factory is not a subclass of Opener")
        return
    require(isinstance(kind, type) and issubclass(kind, Reader), "the factory is not a subclass of workbench.Reader")
    known = [task.name for task in host.tasks]
    require(entry.task in known, f"it is for the task '{entry.task}', which nobody registers")
    require(isinstance(entry.suffixes, tuple), "suffixes must be a tuple, e.g. suffixes=('.ext',)")
    wrong = [s for s in entry.suffixes if not s.startswith(".") or s != s.lower()]
    require(not wrong, f"suffix {wrong[0] if wrong else ''!r} must begin with a dot and be in small letters")
    for name, field in kind.Params.model_fields.items():
        require(field.description, f"setting '{name}' has no description")
        require(not field.is_required(), f"setting '{name}' has no default")


def _check_garbage(entry: ReaderEntry) -> None:
    for what, content in GARBAGE.items():
        try:
            _read(entry, content)
        except (DataError, UsageError):
            continue
        except WbError as error:
            raise Failed(f"{what} ends in {type(error).__name__}, not in a DataError: {error}") from None
        except Exception as error:
            raise Failed(f"{what} ends in {type(error).__name__}: {error}; raise DataError") from None


def _check_pure(entry: ReaderEntry) -> None:
    content = _sample(entry)
    if not content:
        return
    first, second = _read(entry, content), _read(entry, content)
    require(len(first.inputs), "its own sample holds no examples")
    require(as_bytes(first.inputs) == as_bytes(second.inputs), "reading a file twice gives other inputs")
    require(list(first.labels or ()) == list(second.labels or ()), "reading a file twice gives other labels")
    require(_read(entry, content, labelled=False).labels is None, "labelled=False gives labels all the same")


def _check_rows(entry: ReaderEntry) -> None:
    content = _sample(entry)
    if not content:
        return
    with _written(entry, content) as path:
        reader = entry.load()()
        batches = list(reader.rows([archives.plain(path)]).batches(2))
    examples = [example for batch in batches for example in iterate(batch.inputs)]
    read = list(iterate(_read(entry, content, labelled=False).inputs))
    require(all(len(batch.rows) == len(batch) for batch in batches), "a batch has as many errors as rows")
    require(sum(int(batch.good.sum()) for batch in batches) == len(examples), "a good row has no example")
    require(as_bytes(examples) == as_bytes(read), "its rows hold other examples than it reads")


def _sample(entry: ReaderEntry) -> bytes:
    """The small file that a reader brings for these checks; empty for none."""
    sample = getattr(entry.load(), "sample", b"")
    return sample.encode() if isinstance(sample, str) else sample


def _read(entry: ReaderEntry, content: bytes, labelled: bool = True) -> Examples:
    """What a fresh reader makes of a file of that content."""
    with _written(entry, content) as path:
        examples: Examples = entry.load()().read([archives.plain(path)], labelled=labelled)
        return examples


@contextmanager
def _written(entry: ReaderEntry, content: bytes) -> Iterator[Path]:
    """A file of that content with the format's first suffix."""
    suffix = entry.suffixes[0] if entry.suffixes else ".data"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(content)
        yield path


def check_corpus(entry: CorpusEntry, host: Host) -> list[Check]:
    """A card that can be read and names registered things; a generator that gives the same twice."""

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        known = [task.name for task in host.tasks]
        require(entry.task in known, f"it is for the task '{entry.task}', which nobody registers")
        require(isinstance(entry.domains, tuple), "domains must be a tuple")

    def card() -> None:
        for name in opening.names_of(entry):
            card = cards.load(entry.factory, name)
            require(card.task == entry.task, f"its card is for {card.task}, it is registered for {entry.task}")
            readers = {part.reader for edition in card.editions for parts in edition.splits.values() for part in parts}
            for reader in sorted(readers):
                host.readers.find(reader)

    def generated() -> None:
        for name in opening.names_of(entry):
            first, second = (opening.open_corpus(name, host) for _ in range(2))
            require(isinstance(first, Corpus), "a generator must return a Corpus")
            task = entry.task_of(name.rpartition("/")[2])
            require(first.task == task, f"it gives data for {first.task}, it is registered for {task}")
            for split in first.splits:
                one, two = first.examples(split, True), second.examples(split, True)
                require(len(one.inputs), f"{name}: the split '{split}' is empty")
                same = as_bytes(one.inputs) == as_bytes(two.inputs) and list(one.labels) == list(two.labels)
                require(same, f"{name}: the split '{split}' is another one when it is made again")
                require(first.examples(split, False).labels is None, f"{name}: labels where none were asked for")
        _refuses_unknown_settings(next(iter(opening.names_of(entry))), host)

    made = ("made twice, the same", generated) if entry.generated else ("card", card)
    return run_all(f"{entry.name} (data set)", ("contract", contract), made)


def _refuses_unknown_settings(name: str, host: Host) -> None:
    try:
        opening.open_corpus(f"{name}?no-such-setting=1", host)
    except UsageError:
        return
    raise Failed("it accepts settings that it does not have; parse them with workbench.settings.Settings")
