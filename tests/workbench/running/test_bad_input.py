"""Bad input: one clear line before any training, or the right thing."""

from __future__ import annotations

import resource
import time

import numpy as np
import pytest

from workbench import load
from workbench.running.opened import open_data
from workbench.running.specification import Specification

REVIEWS = "text,label\n" + "good book,pos\nbad book,neg\nfine plot,pos\ndull plot,neg\n" * 10
NUMBERS = "a,b,c,label\n" + "".join(f"{i % 7},{i % 5},{i % 3},{'xy'[i % 2]}\n" for i in range(40))


@pytest.fixture
def complaint(wb, tmp_path):
    """The one line with which a run of two tables ends before anything is fitted."""

    def of(source, target, *options, method="source-only"):
        names = []
        for name, content in (("s.csv", source), ("t.csv", target)):
            (tmp_path / name).write_text(content)
            names.append(str(tmp_path / name))
        code, out, err = wb("run", method, "--src", names[0], "--tgt", names[1], *options)
        lines = [line for line in err.splitlines() if line.startswith("wb: ")]
        assert code in (1, 2) and out == "" and len(lines) == 1, err
        assert "fit:" not in err and len(lines[0]) < 300
        return lines[0]

    return of


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("text,label\n", "text\na b\n", "no rows in it"),
        (REVIEWS, "text\n", "no rows in it"),
        (NUMBERS, "a,b,c\n", "no rows in it"),
        ("text,label\ngood book,pos\nfine plot,pos\n", "text\na b\n", "one class only, 'pos'"),
        (NUMBERS, "a,b,c\n1,2,nan\n1,inf,2\n", "2 values that are not finite (NaN or infinite), the first in row 1"),
        (NUMBERS.replace("\n0,0", "\nnan,0"), "a,b,c\n1,2,3\n", "'s' holds"),
        (NUMBERS, "a,b\n1,2\n", "'s' has 3 features but 't' has 2"),
        (REVIEWS, REVIEWS, "is the source too, and all of it is labelled"),
        (REVIEWS, NUMBERS, "'t' holds feature vectors"),
    ],
)
def test_one_clear_line_before_any_training(complaint, source, target, said):
    assert said in complaint(source, target)


def test_another_modality_is_told(wb, tmp_path):
    from PIL import Image

    (tmp_path / "s.csv").write_text(REVIEWS)
    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "pictures" / "1.png")
    code, out, err = wb("run", "source-only", "--src", str(tmp_path / "s.csv"), "--tgt", str(tmp_path / "pictures"))
    assert code in (1, 2) and out == ""
    assert "holds texts but 'pictures' holds images" in err and "fit:" not in err


def test_one_file_on_both_sides_is_predicted_where_it_has_no_label(wb, tmp_path):
    (tmp_path / "s.csv").write_text(REVIEWS + "a good pan,\nno label,\n")
    code, out, err = wb("run", "source-only", "--src", str(tmp_path / "s.csv"), "--tgt", str(tmp_path / "s.csv"))
    assert code == 0, err
    assert "42 examples, predicted without" in out.replace("\n", " ")
    assert "learnt from, so none is scored" in err


def test_two_domains_of_one_data_set_are_not_one(tmp_path):
    datasets = pytest.importorskip("datasets")
    columns = {"text": list("abcd"), "label": list("xyxy"), "domain": list("sstt")}
    datasets.Dataset.from_dict(columns).save_to_disk(str(tmp_path / "data"))
    name = f"hf:{tmp_path / 'data'}?label=label&where=domain:"
    data = open_data(Specification("source-only", (f"{name}s",), f"{name}t"), load())
    assert not data.learns_from_target and data.has_gold


@pytest.mark.parametrize("method", ["source-only", "coral", "tca", "jda", "kmm"])
@pytest.mark.parametrize("rows", [1, 2])
def test_very_few_target_rows_are_predicted_or_refused_in_one_line(wb, tmp_path, method, rows):
    (tmp_path / "s.csv").write_text(NUMBERS)
    (tmp_path / "t.csv").write_text("a,b,c\n" + "1,2,3\n" * rows)
    code, out, err = wb("run", method, "--src", str(tmp_path / "s.csv"), "--tgt", str(tmp_path / "t.csv"))
    assert "Traceback" not in err and "internal" not in err
    assert (code == 0 and f"{rows} examples" in out) or len([x for x in err.splitlines() if x.startswith("wb:")]) == 1


def test_a_single_source_row_of_each_class_is_enough(wb, tmp_path):
    (tmp_path / "s.csv").write_text("text,label\ngood book,pos\nbad book,neg\n")
    (tmp_path / "t.csv").write_text("text\ngood pan\nbad pan\n")
    code, out, _ = wb("run", "source-only", "--src", str(tmp_path / "s.csv"), "--tgt", str(tmp_path / "t.csv"))
    assert code == 0 and "2 examples" in out


def test_a_target_of_a_hundred_thousand_texts_is_read_in_seconds_and_little_memory(tmp_path):
    """What a million takes is ten times as much: reading is linear in time and in memory."""
    (tmp_path / "s.csv").write_text(REVIEWS)
    with (tmp_path / "t.csv").open("w") as stream:
        stream.write("text\n")
        stream.writelines(f"a text about knife {number} that is not very long\n" for number in range(100_000))
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    data = open_data(Specification("source-only", (str(tmp_path / "s.csv"),), str(tmp_path / "t.csv")), load())
    assert data.label_count.examples == len(data.problem().target) == 100_000
    assert time.process_time() - start < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes


def test_finite_values_are_asked_of_sparse_features_too(tmp_path):
    from workbench.data.opening import open_corpus
    from workbench.errors import DataError

    (tmp_path / "t.svmlight").write_text("1 1:1\n2 1:0.5 3:nan\n")
    with pytest.raises(DataError, match=r"1 values that are not finite .* in row 2, feature 3"):
        open_corpus(str(tmp_path / "t.svmlight"), load(), "classification").unlabelled("test")
    np.savez(tmp_path / "t.npz", x=np.array([[1.0, np.inf]]))
    with pytest.raises(DataError, match="row 1, feature 2"):
        open_corpus(str(tmp_path / "t.npz"), load(), "classification").unlabelled("test")
