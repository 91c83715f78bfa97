"""Tables of numbers: found by what they hold, read as written, told where they are wrong."""

import json

import numpy as np
import pytest
from sklearn.datasets import load_digits

from wb_image.readers.table import Numbers
from workbench.data.readers import SourceFile
from workbench.errors import DataError


def table(text, name="a.csv"):
    return SourceFile(name, lambda: text.encode())


def test_columns_are_features_but_the_label():
    found = Numbers().read([table("x,label,y\n1,a,2.5\n-3,b,1e2\n"), table("x,label,y\n0,b,0\n")])
    np.testing.assert_array_equal(found.inputs, [[1, 2.5], [-3, 100], [0, 0]])
    assert found.labels == ["a", "b", "b"]
    named = Numbers(Numbers.Params(features="y", label="x")).read([table("x\ty\n7\t1\n", "a.tsv")], labelled=False)
    np.testing.assert_array_equal(named.inputs, [[1]])
    assert named.labels is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x,label\n1,a\nq,b\n", "a.csv, row 2: 'q' in column 'x' is no number"),
        ("x,class\n1,a\n", "'a' in column 'class' is no number; name the features"),
        ("x,label\n1\n", "row 1: 1 cells where the header has 2"),
        ("label\na\n", "no column beside the label"),
        ("", "an empty file"),
        ("x,label\n", "no rows in it"),
    ],
)
def test_what_is_wrong_is_told(text, said):
    with pytest.raises(DataError, match=said.replace("(", r"\(")):
        Numbers().read([table(text)])


def test_a_parquet_file_reads_as_its_csv(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"x": [1.0, 2.0], "label": ["a", "b"], "y": [3, 4]}), path)
    found = Numbers().read([SourceFile(path.name, path.read_bytes, path)])
    np.testing.assert_array_equal(found.inputs, [[1, 3], [2, 4]])
    with pytest.raises(DataError, match="not a Parquet file"):
        Numbers().read([SourceFile("b.parquet", lambda: b"PAR1 and no more")])


def test_numbers_and_texts_are_told_apart():
    assert Numbers.recognises(b"x,y,label\n1,2,cat\n")
    assert not Numbers.recognises(b"text,label\na good book,1\n")
    assert not Numbers.recognises(b"text,label,split\ngood,yes,train\n")


def test_a_run_from_two_tables(wb, tmp_path):
    x, y = load_digits(return_X_y=True)
    for name, rows, shift in (("a", slice(0, 600), 0.0), ("b", slice(600, 1200), 3.0)):
        lines = [",".join([f"p{k}" for k in range(64)] + ["label"])]
        for row, label in zip(x[rows], y[rows], strict=True):
            lines.append(",".join([f"{value + shift:g}" for value in row] + [f"d{label}"]))
        (tmp_path / f"{name}.csv").write_text("\n".join(lines))
    code, out, err = wb("run", "coral", "--src", str(tmp_path / "a.csv"), "--tgt", str(tmp_path / "b.csv"), "--json")
    assert code == 0, err
    assert json.loads(out)["scores"]["adapted"]["accuracy"]["value"] > 0.8
