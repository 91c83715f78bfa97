"""Plugins are discovered once a command."""

import pytest

from workbench.cli import call
from workbench.plugins import loading

PAIR = ("--src", "shift/covariate-source", "--tgt", "shift/covariate-target")


@pytest.fixture
def discoveries(monkeypatch):
    """How often the installed plugins were looked for; the calls stay what they are."""
    made, discover = [], loading.discover

    def counted(*arguments, **options):
        made.append(1)
        return discover(*arguments, **options)

    monkeypatch.setattr(loading, "discover", counted)
    return made


@pytest.mark.parametrize("method", [("coral",), ("meda", "--dimensions", "2"), ("jda",)])
def test_a_run_and_a_prediction_load_once_each(discoveries, capsys, tmp_path, method):
    assert call(["run", *method, *PAIR, "--out", str(tmp_path / "r")]) == 0
    assert len(discoveries) == 1
    rows = "\n".join(",".join(f"{0.1 * number + place:.2f}" for place in range(8)) for number in range(3))
    (tmp_path / "new.csv").write_text(",".join("abcdefgh") + "\n" + rows + "\n")
    code = call(["predict", str(tmp_path / "r"), "--file", str(tmp_path / "new.csv")])
    assert code == 0, capsys.readouterr().err
    assert len(discoveries) == 2
