"""The chosen model's predictions beside the rows that they belong to, as ``wb predict`` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from workbench.data.opening import open_rows
from workbench.data.tables.opening import TABLES
from workbench.files import new_file
from workbench.plugins.loading import Host
from workbench.running import records
from workbench.running.outcome import Outcome
from workbench.running.prediction import Names, Prediction, form_of, predict_rows
from workbench.running.predictor import Predictor


def predict_file(outcome: Outcome, target: str, columns: Mapping[str, str], path: Path, host: Host) -> Prediction:
    """Write every row of the target with its prediction by the model of a record; bad rows with their error."""
    assert outcome.record is not None, "the outcome of a run that was recorded"
    predictor = Predictor.load(records.load(outcome.record), host)
    rows, _ = open_rows(target, host, predictor.task_name, columns, predictor.settings)
    form = form_of(rows, path.suffix.lower(), _known(host))
    with new_file(path) as temporary, temporary.open("wb") as stream:
        return predict_rows(rows, predictor, stream, form, Names.free(rows.fields, ()), target)


def check_form(target: str, task: str, columns: Mapping[str, str], path: Path, host: Host) -> None:
    """Raise :class:`UsageError` where rows of the target cannot be written in the format that the path says."""
    if path.suffix.lower() not in TABLES:
        rows, _ = open_rows(target, host, task, columns, {})
        form_of(rows, path.suffix.lower(), _known(host))


def _known(host: Host) -> set[str]:
    return {suffix for entry in host.readers for suffix in entry.suffixes}
