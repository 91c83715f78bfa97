"""Columns of tables are named by options, or guessed and shown."""

import pytest

GOOD, BAD = "a fine and lovely story", "a dull and awful tale"


def table(path, header, rows):
    path.write_text("\n".join([header, *rows]) + "\n")
    return str(path)


@pytest.fixture
def tables(tmp_path):
    rows = [f"{n},{GOOD if n % 2 else BAD} {n},{'pos' if n % 2 else 'neg'},x{n}" for n in range(24)]
    source = table(tmp_path / "a.csv", "number,body,stars,title", rows)
    target = table(tmp_path / "b.csv", "number,body,stars,title", rows[:-1])
    return source, target


def test_the_guess_is_shown_before_anything_is_fitted(wb, tables):
    code, out, err = wb("run", "coral", "--src", tables[0], "--tgt", tables[1])
    assert code == 0, err
    assert "columns     text: body, label: stars\n" in out + err


def test_named_columns_are_read_and_kept_in_the_record(wb, tables):
    from workbench.running import records

    given = ("--text", "title,body", "--label", "stars", "--id", "number")
    code, out, err = wb("run", "coral", "--src", tables[0], "--tgt", tables[1], *given)
    assert code == 0, err
    assert "columns     text: title + body, label: stars" in out + err
    record = records.find("last")
    assert record.run["specification"]["columns"] == {"text": "title,body", "label": "stars", "id": "number"}
    assert next(record.predictions())["input"].startswith("x0 . a dull")


def test_a_column_that_is_not_there_is_told_with_those_that_are(wb, tables):
    code, _, err = wb("run", "coral", "--src", tables[0], "--tgt", tables[1], "--text", "review")
    assert code and "no column 'review', there are: number, body, stars, title" in err.splitlines()[-1]


def test_columns_of_a_format_without_any_and_of_registered_data_are_refused(wb, tables, tmp_path):
    (tmp_path / "a.svmlight").write_text("0 1:1\n1 2:1\n")
    path = str(tmp_path / "a.svmlight")
    code, _, err = wb("run", "coral", "--src", path, "--tgt", path, "--text", "review")
    assert code == 2 and "--text means nothing to the reader 'svmlight': its format has no columns" in err
    shift = ("--src", "shift/covariate-source", "--tgt", "shift/covariate-target")
    code, _, err = wb("run", "coral", *shift, "--label", "y")
    assert code == 2 and "--label names a column of a table of your own" in err


def test_settings_of_one_path_come_before_the_options(wb, tables):
    code, out, err = wb("run", "coral", "--src", f"table:{tables[0]}?text=title", "--tgt", tables[1], "--text", "body")
    assert code == 0, err
    assert "columns     of a: text: title, label: stars" in out + err
    assert "of b: text: body, label: stars" in out + err


def test_an_id_is_no_feature(wb, tmp_path):
    rows = [f"{n},{n % 2 + n / 99},{1 - n % 2},{'pos' if n % 2 else 'neg'}" for n in range(20)]
    source, target = (table(tmp_path / name, "key,x,y,label", rows[n:]) for n, name in enumerate(("n.csv", "m.csv")))
    code, out, err = wb("run", "coral", "--src", source, "--tgt", target, "--id", "key")
    assert code == 0, err
    assert "features: x + y, label: label, id: key" in out + err


def test_a_bench_takes_columns_and_hands_them_to_its_runs(wb, tables):
    given = ("--methods", "coral", "--pairs", ":".join(tables), "--text", "title", "--label", "stars", "--json")
    code, _, err = wb("bench", *given)
    assert code == 0, err
    from workbench.running import records

    assert next(records.find("last").predictions())["input"] == "x0"
