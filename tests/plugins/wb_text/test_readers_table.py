"""Tables of labelled texts, and what is wrong with bad ones."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_text.readers.table import Table
from workbench.data.readers import SourceFile
from workbench.errors import DataError


def source(text: str | bytes, name: str = "reviews.csv") -> SourceFile:
    data = text if isinstance(text, bytes) else text.encode()
    return SourceFile(name, lambda: data)


def test_text_columns_are_put_together_and_labels_named():
    text = 'label\trating\ttitle\ttext\n1\t5.0\tGood "one\tRead it, now\n0\t1.0\tBad\tNo\n'
    found = Table(Table.Params(text="title,text")).read([source(text, "books.tsv")])
    assert found.inputs == ['Good "one . Read it, now', "Bad . No"]
    assert found.labels == ["1", "0"]


def test_csv_keeps_quoted_commas_and_line_ends():
    found = Table().read([source('text,label\n"a, b\nc",x\n')])
    assert (found.inputs, found.labels) == (["a, b\nc"], ["x"])


def test_json_lines_need_only_the_named_fields():
    found = Table(Table.Params(text="body", label="stars")).read([source('{"body": "a", "stars": 5}\n\n', "r.JSONL")])
    assert (found.inputs, found.labels) == (["a"], ["5"])


def test_unlabelled_tables_need_no_label_column():
    found = Table().read([source("text\na\nb\n")], labelled=False)
    assert (found.inputs, found.labels) == (["a", "b"], None)


def test_rows_without_text_are_skipped_and_counted():
    found = Table().read([source("text,label\na,x\n ,y\n")])
    assert (found.inputs, found.labels) == (["a"], ["x"])
    assert found.notices == ("reviews.csv: rows without text were skipped: 1",)


cells = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\0"), min_size=1).filter(str.strip)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_what_the_csv_module_writes_reads_back(rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("text", "label"), *rows])
    found = Table().read([source(stream.getvalue())])
    assert found.inputs == [text.strip() for text, _ in rows]
    assert found.labels == [label.strip() for _, label in rows]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "", r"^a\.csv: no rows"),
        ("a.csv", "text,label\n", r"^a\.csv: no rows"),
        ("a.csv", "a,b\n1,2\n", r"^a\.csv, line 2: no column 'text', there are: a, b; choose with --text COLUMN"),
        ("a.csv", "text,label\nx,1\nyes, no,1\n", r"^a\.csv, line 3: 3 cells .* 2; .* quotes"),
        ("a.tsv", "text\tlabel\nx\n", r"^a\.tsv, line 2: 1 cells where the header has 2$"),
        ("a.jsonl", '{"text": "x", "label": 1}\n{"te\n', r"^a\.jsonl, line 2: not JSON .*one object a line"),
        ("a.jsonl", "[1, 2]\n", r"^a\.jsonl, line 1: JSON, but not an object"),
        ("a.csv", b"text,label\n\xff\xfe,1\n", r"^a\.csv, line 2: not utf-8 text .*encoding=latin-1"),
        ("a.csv", b"PK\3\4\0\0", r"^a\.csv: this is a binary file"),
        ("a.csv", "text,label\n" + "x" * 1_000_000 + ",1\n", r"^a\.csv, line 2: not a table row \(field larger"),
    ],
)
def test_bad_tables_end_in_one_clear_line(name, text, message):
    with pytest.raises(DataError, match=message) as caught:
        Table().read([source(text, name)])
    assert "\n" not in str(caught.value)
