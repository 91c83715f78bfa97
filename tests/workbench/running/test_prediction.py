"""Every row of a file comes back beside its prediction, in order, in the file's own format."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

WORDS = {"pos": "a fine and lovely story", "neg": "a dull and awful tale"}


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """The record of a model of texts."""
    return recorded(tmp_path_factory.mktemp("texts"), "a.csv", "text,label\n", text_rows())


def text_rows():
    return [f"{text} {n},{label}" for n in range(12) for label, text in WORDS.items()]


def recorded(folder, name, header, rows, *options):
    """The record of a source-only model that learnt from such a file."""
    from workbench.cli import call

    path, target, out = folder / name, folder / f"other-{name}", folder / "record"
    path.write_text(header + "\n".join(rows) + "\n")
    target.write_text(header + "\n".join(rows[:-1]) + "\n")
    command = ["run", "source-only", "--src", str(path), "--tgt", str(target), "--no-baseline", "--out", str(out)]
    assert call([*command, *options]) == 0
    return str(out)


def rows_of(text, delimiter=","):
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_every_row_of_a_csv_comes_back_in_order_with_its_columns(wb, texts, tmp_path):
    file, out = tmp_path / "new.csv", tmp_path / "out.csv"
    file.write_text('id,text\n7,"lovely, fine\nstory"\n8,\n9,awful tale\n10,"one",more\n')
    code, _, err = wb("predict", texts, "--file", str(file), "--out", str(out))
    assert code == 0, err
    rows = rows_of(out.read_text())
    assert list(rows[0]) == ["id", "text", "label", "confidence", "error"]
    assert [row["id"] for row in rows] == ["7", "8", "9", "10"]
    assert [row["label"] for row in rows] == ["pos", "", "neg", ""]
    assert rows[0]["text"] == "lovely, fine\nstory"
    assert [row["error"] for row in rows] == ["", "no text in text", "", "3 cells where the header has 2"]
    assert rows[3]["text"] == "one,more"
    assert 0.5 < float(rows[0]["confidence"]) <= 1
    assert "2 of 4 rows could not be predicted, see 'error'; row 2: no text in text" in err


def test_what_cannot_be_read_costs_its_own_row_alone(wb, texts, tmp_path):
    file = tmp_path / "new.csv"
    lines = [b"text", b'"a quote that nobody closes', b"lovely", b"caf\xe9 awful", b"fine"]
    file.write_bytes(b"\n".join(lines) + b"\n")
    assert wb("predict", texts, "--file", str(file), "--out", str(tmp_path / "o.csv"))[0] == 0
    rows = rows_of((tmp_path / "o.csv").read_bytes().decode("latin-1"))
    assert [row["error"] for row in rows] == ["a quote that is never closed", "", "a byte that is no utf-8 text", ""]
    assert rows[2]["text"] == "café awful"  # the byte is as it was
    assert [row["label"] for row in rows] == ["", "pos", "", "pos"]


def test_columns_of_the_files_own_are_kept_and_ours_renamed(wb, texts, tmp_path):
    file = tmp_path / "new.csv"
    file.write_text("text,label,confidence\nlovely,unknown,high\n")
    code, _, err = wb("predict", texts, "--file", str(file), "--out", str(tmp_path / "o.csv"))
    assert code == 0
    (row,) = rows_of((tmp_path / "o.csv").read_text())
    assert (row["label"], row["confidence"], row["predicted_label"]) == ("unknown", "high", "pos")
    assert "has a column 'label' of its own, which is kept; ours is 'predicted_label'" in err


def test_probabilities_of_each_class_sum_to_one(wb, texts, tmp_path):
    file = tmp_path / "new.tsv"
    file.write_text("text\nlovely\nawful\n")
    out = tmp_path / "o.tsv"
    assert wb("predict", texts, "--file", str(file), "--out", str(out), "--probabilities")[0] == 0
    rows = rows_of(out.read_text(), "\t")
    for row in rows:
        shares = [float(row["probability_neg"]), float(row["probability_pos"])]
        assert sum(shares) == pytest.approx(1, abs=2e-4)
        assert max(shares) == float(row["confidence"])
    assert [row["label"] for row in rows] == ["pos", "neg"]


def test_json_lines_keep_their_values_and_say_errors_in_place(wb, texts, tmp_path):
    file, out = tmp_path / "new.jsonl", tmp_path / "o.jsonl"
    file.write_text('{"n": 1.50, "text": "lovely", "tags": ["a"]}\nno json\n[1]\n{"n": 2, "text": "awful"}\n')
    assert wb("predict", texts, "--file", str(file), "--out", str(out))[0] == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert rows[0] == {"n": 1.5, "text": "lovely", "tags": ["a"], "label": "pos", "confidence": rows[0]["confidence"]}
    assert rows[1]["line"] == "no json" and "not JSON" in rows[1]["error"]
    assert rows[2]["error"] == "JSON, but not an object"
    assert rows[3]["label"] == "neg"


def test_a_table_can_be_asked_for_as_another_table(wb, texts, tmp_path):
    file = tmp_path / "new.csv"
    file.write_text("text\nlovely\n")
    assert wb("predict", texts, "--file", str(file), "--out", str(tmp_path / "o.jsonl"))[0] == 0
    assert json.loads((tmp_path / "o.jsonl").read_text())["label"] == "pos"
    code, _, err = wb("predict", texts, "--file", str(file), "--out", str(tmp_path / "o.parquet"))
    assert code == 2 and "cannot be written as '.parquet'" in err
    assert not (tmp_path / "o.parquet").exists()


def test_the_columns_of_the_run_are_those_of_the_prediction(wb, tmp_path):
    record = recorded(tmp_path, "a.csv", "body,stars\n", text_rows(), "--text", "body", "--label", "stars")
    file = tmp_path / "new.csv"
    file.write_text("text,body\nlovely,awful\n")
    code, out, err = wb("predict", record, "--file", str(file), "--json")
    assert code == 0, err
    assert json.loads(out)["label"] == "neg"
    assert json.loads(wb("predict", record, "--file", str(file), "--json", "--text", "text")[1])["label"] == "pos"
    file.write_text("title\nlovely\n")
    code, _, err = wb("predict", record, "--file", str(file))
    assert code == 1 and "no column 'body', there are: title; choose with --text COLUMN" in err


def test_lines_of_stdin_are_rows_and_so_are_empty_ones(wb, texts, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("lovely\n\nawful\n"))
    code, out, _ = wb("predict", texts)
    assert code == 0
    rows = rows_of(out)
    assert [(row["line"], row["text"], row["label"], row["error"]) for row in rows] == [
        ("1", "lovely", "pos", ""),
        ("2", "", "", "an empty line"),
        ("3", "awful", "neg", ""),
    ]


def test_parquet_keeps_its_types(wb, texts, tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    file, out = tmp_path / "n.parquet", tmp_path / "o.parquet"
    table = pyarrow.table({"id": pyarrow.array([1, 2, 3], pyarrow.int16()), "text": ["lovely", None, "awful"]})
    parquet.write_table(table, file)
    code, _, err = wb("predict", texts, "--file", f"table:{file}", "--out", str(out))
    assert code == 0, err
    written = parquet.read_table(out)
    assert written.schema.field("id").type == pyarrow.int16()
    assert written.column("label").to_pylist() == ["pos", None, "neg"]
    assert written.column("error").to_pylist() == [None, "no text in text", None]
    assert written.schema.field("confidence").type == pyarrow.float64()


def test_tables_of_numbers_name_the_cell_at_fault(wb, tmp_path):
    rows = [f"{n},{n % 2 + n / 99},{1 - n % 2},{'pos' if n % 2 else 'neg'}" for n in range(20)]
    record = recorded(tmp_path, "n.csv", "key,x,y,label\n", rows, "--id", "key")
    file, out = tmp_path / "m.csv", tmp_path / "o.csv"
    file.write_text("key,x,y\na,1,0\nb,,0\nc,nan,1\nd,0,1\n")
    code, _, err = wb("predict", record, "--file", f"numbers:{file}", "--out", str(out))
    assert code == 0, err
    found = rows_of(out.read_text())
    assert [row["label"] for row in found] == ["pos", "", "", "neg"]
    assert found[1]["error"] == "'' in column 'x' is no number"
    assert found[2]["error"] == "'nan' in column 'x' is no finite number"


def test_pictures_come_back_by_their_names(wb, tmp_path):
    image = pytest.importorskip("PIL.Image")
    for folder, light in (("a", 100), ("b", 90)):
        for label, side in (("left", slice(0, 4)), ("right", slice(4, 8))):
            (tmp_path / folder / label).mkdir(parents=True)
            for number in range(8):
                pixels = np.zeros((8, 8, 3), np.uint8)
                pixels[:, side] = light + 10 * number
                image.fromarray(pixels).save(tmp_path / f"{folder}/{label}/{number}.png")
    out = str(tmp_path / "record")
    source, where = (f"image-folder:{tmp_path}/{folder}?size=8" for folder in "ba")
    assert wb("run", "source-only", "--src", source, "--tgt", where, "--no-baseline", "--out", out)[0] == 0
    (tmp_path / "a" / "left" / "5.png").write_bytes(b"no picture")
    table = tmp_path / "o.csv"
    code, _, err = wb("predict", out, "--file", where, "--out", str(table))
    assert code == 0, err
    rows = rows_of(table.read_text())
    assert len(rows) == 16
    assert all(row["label"] == row["file"].split("/")[-2] for row in rows if not row["error"])
    assert [row["file"] for row in rows if row["error"]] == [f"{tmp_path}/a/left/5.png"]


EMPTY = "\t_" * 8
SENTENCE = f"# sent_id = 1\n1\tThe\t_\tDET\tDT{EMPTY[:8]}\tA=b\n2-3\tdogs'{EMPTY}\n2\tdog{EMPTY}\n"
BROKEN = "# sent_id = 2\n1\tonly two\n"


def test_conllu_comes_back_with_tags_in_it(wb, tmp_path):
    sentences = ["the/DT dog/NN barks/VBZ", "a/DT cat/NN sleeps/VBZ"] * 8
    source, target, out = (str(tmp_path / name) for name in ("a.tagged", "b.tagged", "record"))
    for where, n in ((source, 16), (target, 15)):
        Path(where).write_text("\n".join(sentences[:n]) + "\n")
    code, _, err = wb("run", "source-only", "--src", source, "--tgt", target, "--no-baseline", "--out", out)
    assert code == 0, err
    file, written = tmp_path / "n.conllu", tmp_path / "o.conllu"
    file.write_text(SENTENCE + "\n" + BROKEN + "\n")
    code, _, err = wb("predict", out, "--file", str(file), "--out", str(written))
    assert code == 0, err
    lines = written.read_text().split("\n")
    assert lines[0] == "# sent_id = 1" and lines[2] == SENTENCE.split("\n")[2]
    first, second = lines[1].split("\t"), lines[3].split("\t")
    assert first[4] == "DT" and first[9].startswith("A=b|Label=DT")  # what stood there is kept
    assert second[4] == "NN" and second[9].startswith("Label=NN")
    assert lines[5:8] == ["# error = 2 columns where CoNLL-U has 10", *BROKEN.split("\n")[:2]]
    assert "1 of 2 rows could not be predicted" in err


def test_a_strangers_reader_takes_part_without_writing_anything(wb, tmp_path):
    for name, shift in (("a.npz", 0.1), ("b.npz", 0.2)):
        np.savez(tmp_path / name, x=np.eye(12)[:, :6] + shift, y=np.array(["p", "q"] * 6))
    out, source, where = (str(tmp_path / name) for name in ("record", "b.npz", "a.npz"))
    assert wb("run", "source-only", "--src", source, "--tgt", where, "--no-baseline", "--out", out)[0] == 0
    code, table, _ = wb("predict", out, "--file", where)
    assert code == 0
    assert [row["row"] for row in rows_of(table)] == [str(n) for n in range(1, 13)]
    assert {row["label"] for row in rows_of(table)} <= {"p", "q"}


def test_a_process_of_its_own_predicts_alike(wb, texts, tmp_path):
    file = tmp_path / "new.csv"
    file.write_text("text\nlovely\nawful\n")
    command = [sys.executable, "-m", "workbench", "predict", texts, "--file", str(file)]
    fresh = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert fresh.returncode == 0, fresh.stderr
    assert fresh.stdout == wb("predict", texts, "--file", str(file))[1]
