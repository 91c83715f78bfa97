"""``wb predict RUN``: the model of a run on new text or files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import state_of
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.data.inputs import Inputs
    from workbench.data.tasks import Task
    from workbench.plugins.loading import Host


@click.command()
@click.argument("run")
@click.option("--text", help="Text to predict; from stdin when neither --text nor --file is given.")
@click.option("--file", "path", metavar="PATH", help="A file to predict, in any format that a reader knows.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write here instead of to stdout.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def predict(ctx: click.Context, run: str, text: str | None, path: str | None, out: Path | None, as_json: bool) -> None:
    """Predict with the model of RUN: a record's folder, its name or a part of it, or 'last'."""
    from workbench.files import write_atomically
    from workbench.running import records

    host = state_of(ctx).host
    record = records.find(run)
    entry = host.methods.get(record.method, record.run["task"], record.run.get("variant", ""))
    task = host.tasks.get(record.run["task"]).load()()
    inputs = _inputs(host, task, entry.task, text, path)
    learnt_from = record.outcome.inputs
    if learnt_from is not None:
        learnt_from.check(inputs, path or "the text")
    model = entry.load().model.load(record.folder / records.MODEL, host)
    predictions = model.predict(inputs)
    if as_json:
        rows = task.rows(inputs, predictions.labels, predictions.classes)
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    else:
        lines = task.render(inputs, predictions)
    if out is None:
        click.echo("\n".join(lines))
    else:
        write_atomically(out, "\n".join(lines) + "\n")
        click.echo(f"{len(lines)} lines in {out}", err=True)


def _inputs(host: Host, task: Task, task_name: str, text: str | None, path: str | None) -> Inputs:
    """The examples of --text, --file or stdin; raises :class:`UsageError` when there are none."""
    from workbench.data.opening import open_corpus

    if text is not None and path is not None:
        raise UsageError("give --text or --file, not both")
    if path is not None:
        corpus = open_corpus(path, host, task_name)
        if corpus.task != task_name:
            raise UsageError(f"{path}: is for {corpus.task}, but the model is for {task_name}")
        inputs = corpus.unlabelled("test" if "test" in corpus.splits else corpus.splits[0]).inputs
    else:
        typed = text if text is not None else sys.stdin.read()
        inputs = task.parse(typed)
    if not len(inputs):
        raise UsageError("nothing to predict: the text is empty")
    return inputs
