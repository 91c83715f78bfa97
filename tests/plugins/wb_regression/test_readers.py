"""Numeric targets from tables and arrays: what was written is read, and what is no number is told."""

import numpy as np
import pytest

from workbench.data.opening import open_corpus
from workbench.errors import DataError
from workbench.plugins.loading import load

HOST = load()
TASK = HOST.tasks.get("regression").load()()
X = np.random.default_rng(0).normal(size=(6, 3))
Y = np.array([0.1, -2.5, 3.0, 1e-7, 12345.678901234567, 0.2])


def table(separator):
    rows = [["a", "b", "price", "c"], *([x[0], x[1], y, x[2]] for x, y in zip(X.tolist(), Y.tolist(), strict=True))]
    return "\n".join(separator.join(str(cell) for cell in row) for row in rows) + "\n"


def written(folder, name):
    path = folder / name
    match path.suffix:
        case ".csv":
            path.write_text(table(","))
        case ".tsv":
            path.write_text(table("\t"))
        case ".npz":
            np.savez(path, x=X, y=Y)
        case ".npy":
            np.save(path, np.column_stack([X, Y]))
        case ".parquet":
            pyarrow = pytest.importorskip("pyarrow")
            from pyarrow import parquet

            columns = {"a": X[:, 0], "b": X[:, 1], "price": Y, "c": X[:, 2]}
            parquet.write_table(pyarrow.table(columns), path)
    return path


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("t.csv", "targets:{}?label=price"),
        ("t.tsv", "targets:{}?label=price"),
        ("t.parquet", "targets:{}?label=price"),
        ("t.npz", "{}"),
        ("t.npz", "target-arrays:{}?features=x&labels=y"),
        ("t.npy", "{}"),
        ("t.npy", "target-arrays:{}?column=3"),
    ],
)
def test_numbers_come_back_as_they_were_written(tmp_path, name, reference):
    corpus = open_corpus(reference.format(written(tmp_path, name)), HOST, "regression")
    assert corpus.task == "regression"
    domain = corpus.labelled("test", TASK)
    np.testing.assert_array_equal(domain.labels, Y)
    np.testing.assert_array_equal(domain.inputs, X)
    assert domain.classes == () and domain.labels.dtype == np.float64
    np.testing.assert_array_equal(corpus.unlabelled("test").inputs, X)


def test_a_table_without_its_target_serves_as_an_unlabelled_target(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    inputs = open_corpus(f"targets:{path}?label=price", HOST, "regression").unlabelled("test").inputs
    np.testing.assert_array_equal(inputs, [[1, 2], [3, 4]])


def test_texts_with_a_number(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("text,stars\ngood film,4.5\nbad film,1\n")
    domain = open_corpus(f"rated-texts:{path}?label=stars", HOST).labelled("test", TASK)
    assert domain.inputs == ["good film", "bad film"] and domain.labels.tolist() == [4.5, 1.0]


@pytest.mark.parametrize(
    ("name", "content", "reference", "line"),
    [
        ("t.csv", "a,b,target\n1,2,3\n1,2,much\n", "targets:{}", "column 'target', row 2: 'much' is no number"),
        ("t.csv", "a,b,target\n1,2,inf\n", "targets:{}", "row 1: 'inf' is no finite number"),
        ("t.csv", "a,b,y\n1,2,3\n", "targets:{}", "choose with --label COLUMN"),
        ("t.csv", "text,label\nx,good\n", "rated-texts:{}", "row 1: 'good' is no number"),
        ("t.npy", "no array", "{}", "not a NumPy file"),
    ],
)
def test_what_is_no_number_is_told_in_one_line(tmp_path, name, content, reference, line):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(DataError) as caught:
        open_corpus(reference.format(path), HOST, "regression").labelled("test", TASK)
    assert line in str(caught.value) and "\n" not in str(caught.value)


def test_arrays_that_do_not_fit_are_told(tmp_path):
    np.savez(tmp_path / "short.npz", x=X, y=Y[:4])
    with pytest.raises(DataError, match="6 examples but 4 targets"):
        open_corpus(str(tmp_path / "short.npz"), HOST, "regression").labelled("test", TASK)
    np.save(tmp_path / "flat.npy", Y)
    with pytest.raises(DataError, match="no matrix with a column -1"):
        open_corpus(str(tmp_path / "flat.npy"), HOST, "regression").labelled("test", TASK)


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.npz"])
def test_a_classification_run_reads_its_files_as_before(tmp_path, name):
    path = written(tmp_path, name)
    assert open_corpus(str(path), HOST, "classification").task == "classification"
