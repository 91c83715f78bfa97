"""Published figures, reproduced by plain runs on real data with the methods' defaults."""

import json

import pytest

from workbench.cli import call


@pytest.fixture(scope="module")
def images(mirror, tmp_path_factory):
    folder = tmp_path_factory.mktemp("images")
    patch = pytest.MonkeyPatch()
    patch.setenv("WB_DATA", str(folder))
    try:
        assert call(["data", "get", "office-caltech-surf", "mnist-usps", "amazon-features", "--from", str(mirror)]) == 0
    finally:
        patch.undo()
    return folder


@pytest.mark.real
@pytest.mark.parametrize(
    ("method", "source", "target", "settings", "accuracy", "tolerance"),
    [
        ("source-only", "caltech", "amazon", ("--classifier", "1nn"), 23.70, 0.01),
        ("source-only", "amazon", "webcam", ("--classifier", "1nn"), 29.83, 0.01),
        ("source-only", "usps", "mnist", ("--classifier", "1nn"), 44.70, 0.01),
        ("source-only", "mnist", "usps", ("--classifier", "1nn"), 65.94, 0.01),
        ("jda", "caltech", "amazon", (), 44.78, 0.3),
        ("meda", "caltech", "amazon", ("--scaling", "hellinger"), 59.39, 0.3),
        ("stl", "dslr", "webcam", (), 88.5, 0.7),
        ("jda", "dslr", "webcam", (), 89.49, 0.3),
        ("jda", "amazon", "dslr", (), 39.49, 0.3),
        ("jda", "usps", "mnist", ("--kernel", "primal", "--regularisation", ".1"), 59.65, 0.3),
        ("jda", "mnist", "usps", ("--kernel", "primal", "--regularisation", ".1"), 67.28, 0.3),
        ("meda", "caltech", "amazon", (), 56.5, 0.3),
        ("meda", "amazon", "dslr", (), 45.9, 0.3),
        ("tjm", "amazon", "dslr", (), 45.2, 0.3),
        ("coral", "dslr", "webcam", (), 84.7, 0.3),
        ("coral", "amazon", "dslr", (), 39.5, 0.3),
    ],
)
def test_a_published_figure(images, wb, monkeypatch, method, source, target, settings, accuracy, tolerance):
    monkeypatch.setenv("WB_DATA", str(images))
    code, out, err = wb("run", method, "--src", source, "--tgt", target, *settings, "--json")
    assert code == 0, err
    found = 100 * json.loads(out)["scores"]["adapted"]["accuracy"]["value"]
    assert found == pytest.approx(accuracy, abs=tolerance)


@pytest.mark.real
def test_the_cards_hold_what_they_say(images, wb, monkeypatch):
    monkeypatch.setenv("WB_DATA", str(images))
    code, out, err = wb("data", "verify", "office-caltech-surf", "mnist-usps", "amazon-features", "--counts")
    assert code == 0, out + err


@pytest.mark.real
def test_a_model_predicts_on_target_examples_it_never_saw(images, wb, monkeypatch, tmp_path):
    monkeypatch.setenv("WB_DATA", str(images))
    assert wb("run", "jda", "--src", "amazon", "--tgt", "webcam", "--json")[0] == 0
    file = next(images.rglob("dslr_SURF_L10.mat"))
    code, out, err = wb("predict", "last", "--file", str(file))
    assert code == 0, err
    assert len(out.splitlines()) == 158
