"""``wb predict RUN``: the model of a run on new text, or on the rows of a file."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from workbench.cli import state_of
from workbench.cli.options import columns_of, with_columns
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.data.rows import Rows
    from workbench.plugins.loading import Host
    from workbench.running.outcome import Temperature
    from workbench.running.prediction import Names, Prediction
    from workbench.running.predictor import Predictor

BINARY = (".parquet",)
"""Formats that no terminal can show."""


@click.command()
@click.argument("run")
@click.option("--file", "path", metavar="PATH", help="A file or folder to predict, in any format that a reader knows.")
@with_columns
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write here instead of to stdout.")
@click.option("--probabilities", is_flag=True, help="A column for the probability of each class.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def predict(
    ctx: click.Context, run: str, path: str | None, out: Path | None, probabilities: bool, as_json: bool, **given: Any
) -> None:
    """Predict with the model of RUN: a record's folder, its name or a part of it, or 'last'.

    Every row of --file comes back in the same format and order, with the columns label, confidence and error; pictures
    come back as a table of their names. Without --file, --text is the text to predict; without both, each line of
    stdin is one.
    """
    from workbench.running import records
    from workbench.running.predictor import Predictor

    host = state_of(ctx).host
    predictor = Predictor.load(records.find(run), host)
    if path is None and given["text"] is not None:
        return _predict_typed(predictor, given["text"], out, as_json)
    rows, notices = _rows(predictor, path, columns_of(given), host)
    for notice in [*notices, *rows.notices]:
        click.echo(f"note: {notice}", err=True)
    _predict_rows(predictor, rows, path or "stdin", host, out, probabilities, as_json)


def _predict_typed(predictor: Predictor, text: str, out: Path | None, as_json: bool) -> None:
    """One line for each example of a text that was typed."""
    from workbench.data.inputs import count
    from workbench.files import write_atomically

    inputs = predictor.task.parse(text)
    if not count(inputs):
        raise UsageError("nothing to predict: the text is empty")
    predictions = predictor.predict(inputs, "the text")
    if as_json:
        rows = predictor.task.rows(inputs, predictions.labels, predictions.classes)
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    else:
        lines = predictor.task.render(inputs, predictions)
    if out is None:
        click.echo("\n".join(lines))
    else:
        write_atomically(out, "\n".join(lines) + "\n")
        click.echo(f"{len(lines)} lines in {out}", err=True)


def _rows(predictor: Predictor, path: str | None, columns: dict[str, str], host: Host) -> tuple[Rows, list[str]]:
    """The rows of a file, or the lines of stdin; and what the user should know of them."""
    from workbench.data.example_rows import LineRows
    from workbench.data.opening import open_rows

    if path is None:
        if columns:
            raise UsageError(f"--{next(iter(columns))} names a column of a file: give --file PATH")
        return LineRows(sys.stdin, predictor.task.parse), []
    return open_rows(path, host, predictor.task_name, columns, predictor.settings)


def _predict_rows(
    predictor: Predictor, rows: Rows, where: str, host: Host, out: Path | None, probabilities: bool, as_json: bool
) -> None:
    from workbench.cli.rerun import likeness_in_words
    from workbench.running.prediction import Names, form_of, predict_rows
    from workbench.running.target_reference import NewExamples, TargetReference

    suffix = out.suffix.lower() if out is not None else ""
    known = {suffix for entry in host.readers for suffix in entry.suffixes}
    form = ".jsonl" if as_json else form_of(rows, suffix, known)
    if out is None and form in BINARY:
        raise UsageError(f"{where}: no terminal shows such a file; give --out NAME{form}")
    names = Names.free(rows.fields, predictor.classes if probabilities else ())
    reference = TargetReference.load(predictor.record.folder)
    seen = [NewExamples(reference)] if reference is not None else []
    with _stream(out) as stream:
        prediction = predict_rows(rows, predictor, stream, form, names, where, seen)
    _tell(prediction, names, where, out, predictor.temperature)
    for examples in seen:
        likeness = examples.likeness()
        if likeness.is_foreign:
            advice = f"adapt anew: wb runs rerun {predictor.record.name} --tgt {shlex.quote(where)}"
            click.echo(f"warning: {likeness_in_words(likeness)}; {advice}", err=True)


@contextmanager
def _stream(out: Path | None) -> Iterator[IO[bytes]]:
    """Where bytes are written: a file that is there whole or not at all, or stdout."""
    from workbench.files import new_file

    if out is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with new_file(out) as temporary, temporary.open("wb") as stream:
        yield stream


def _tell(told: Prediction, names: Names, where: str, out: Path | None, temperature: Temperature | None) -> None:
    """What became of the rows, on stderr."""
    if temperature is not None:
        click.echo(f"note: {temperature}", err=True)
    for usual, chosen in names.renamed.items():
        click.echo(f"note: {where} has a column '{usual}' of its own, which is kept; ours is '{chosen}'", err=True)
    if told.errors:
        bad = f"{told.errors:,} of {told.rows:,} rows could not be predicted, see '{names.error}'; {told.first_error}"
        click.echo(f"note: {bad}", err=True)
    if out is not None:
        click.echo(f"{told.rows:,} rows in {out}", err=True)
