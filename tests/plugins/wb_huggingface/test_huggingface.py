"""Data sets of the library ``datasets``, written by the library itself, through whole runs."""

import hashlib
import io
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import numpy as np
import pytest

from workbench.data.opening import open_corpus
from workbench.errors import WbError
from workbench.plugins.loading import load

datasets = pytest.importorskip("datasets")

HOST = load()
WORDS = {"negative": ("dull", "poor", "broken"), "positive": ("lovely", "great", "sturdy")}


@pytest.fixture(autouse=True)
def quiet(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


def reviews(noun, n=40, seed=0):
    generator = np.random.default_rng(seed)
    names = list(WORDS)
    labels = [int(i) % 2 for i in range(n)]
    texts = [f"a {generator.choice(WORDS[names[y]])} {generator.choice(WORDS[names[y]])} {noun}" for y in labels]
    features = datasets.Features(
        {"id": datasets.Value("int64"), "text": datasets.Value("string"), "label": datasets.ClassLabel(names=names)}
    )
    return datasets.Dataset.from_dict({"id": list(range(n)), "text": texts, "label": labels}, features=features)


def sentences(nouns, n=30, names=("DT", "NN", "VB")):
    tokens = [["the", nouns[i % len(nouns)], ("runs", "stops")[i % 2]] for i in range(n)]
    tags = [[0, 1, 2]] * n
    kind = getattr(datasets, "List", datasets.Sequence)
    features = datasets.Features(
        {"tokens": kind(datasets.Value("string")), "pos_tags": kind(datasets.ClassLabel(names=list(names)))}
    )
    return datasets.Dataset.from_dict({"tokens": tokens, "pos_tags": tags}, features=features)


def pictures(base, n=24, size=8):
    from PIL import Image

    generator = np.random.default_rng(base)
    labels = [i % 2 for i in range(n)]
    images = [
        Image.fromarray((generator.integers(0, 40, (size, size)) + base + 100 * y).astype(np.uint8)) for y in labels
    ]
    features = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=["dark", "light"])})
    return datasets.Dataset.from_dict({"image": images, "label": labels}, features=features)


def saved(dataset, folder):
    dataset.save_to_disk(str(folder))
    return f"hf:{folder}"


def scores(wb, *arguments):
    code, out, err = wb("run", *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_texts_saved_to_disk_run_by_two_methods(wb, tmp_path):
    pair = ("--src", saved(reviews("book"), tmp_path / "a"), "--tgt", saved(reviews("pan", seed=1), tmp_path / "b"))
    plain = scores(wb, "source-only", *pair)
    assert plain["source"]["counts"] == {"examples": 40}
    assert plain["scores"]["adapted"]["accuracy"]["value"] > 0.9
    assert scores(wb, "coral", *pair, "--classifier", "logreg")["scores"]["adapted"]["accuracy"]["value"] > 0.9


def test_tagged_sentences_run(wb, tmp_path):
    pair = (
        "--src",
        saved(sentences(["cat", "dog"]), tmp_path / "a"),
        "--tgt",
        saved(sentences(["cell"]), tmp_path / "b"),
    )
    found = scores(wb, "source-only", *pair)
    assert found["task"] == "tagging"
    assert found["source"]["counts"] == {"sentences": 30, "tokens": 90}


def test_images_run(wb, tmp_path):
    pair = ("--src", saved(pictures(0), tmp_path / "a"), "--tgt", saved(pictures(30), tmp_path / "b"))
    found = scores(wb, "coral", *pair, "--classifier", "logreg")
    assert found["target"]["counts"] == {"examples": 24}


def test_vectors_and_columns_of_numbers(tmp_path):
    kind = getattr(datasets, "List", datasets.Sequence)
    features = datasets.Features({"features": kind(datasets.Value("float32")), "label": datasets.Value("int64")})
    vectors = datasets.Dataset.from_dict({"features": [[0.0, 1.0], [1.0, 0.5]], "label": [3, 4]}, features=features)
    opened = open_corpus(saved(vectors, tmp_path / "a"), HOST).examples("train", True)
    np.testing.assert_allclose(opened.inputs, [[0, 1], [1, 0.5]])
    assert opened.labels == ["3", "4"]
    numbers = datasets.Dataset.from_dict({"height": [1.0, 2.0], "width": [3.0, 4.0], "label": ["a", "b"]})
    opened = open_corpus(saved(numbers, tmp_path / "b"), HOST).examples("train", True)
    np.testing.assert_allclose(opened.inputs, [[1, 3], [2, 4]])


def test_splits_keep_their_names_and_unlabelled_reads_no_label(tmp_path):
    whole = datasets.DatasetDict(
        {"train": reviews("book"), "validation": reviews("pan", 10), "test": reviews("cup", 6)}
    )
    corpus = open_corpus(saved(whole, tmp_path / "a"), HOST, "classification")
    assert set(corpus.splits) == {"train", "dev", "test"}
    assert not corpus.one_pool
    assert len(corpus.unlabelled("test")) == 6
    assert corpus.examples("dev", False).labels is None
    one = open_corpus(f"hf:{tmp_path / 'a'}?split=validation", HOST, "classification")
    assert one.one_pool
    assert len(one.unlabelled("test")) == 10


def test_one_split_alone_serves_as_every_split_and_has_no_upper_bound(wb, tmp_path):
    name = saved(datasets.DatasetDict({"train": reviews("book")}), tmp_path / "a")
    assert open_corpus(name, HOST).one_pool
    code, _, err = wb("run", "source-only", "--src", name, "--tgt", name, "--upper-bound")
    assert code == 2, err


def test_the_task_decides_where_both_could_be_meant(tmp_path):
    both = sentences(["cat"], 4).add_column("text", ["a", "b", "c", "d"]).add_column("label", [0, 1, 0, 1])
    name = saved(both, tmp_path / "a")
    assert open_corpus(name, HOST, "tagging").unlabelled("train").inputs[0] == ["the", "cat", "runs"]
    assert open_corpus(name, HOST, "classification").unlabelled("train").inputs[0] == "a"


def test_columns_can_be_named(tmp_path):
    odd = reviews("book", 6).rename_columns({"text": "body", "label": "stars"}).add_column("title", ["t"] * 6)
    corpus = open_corpus(f"{saved(odd, tmp_path / 'a')}?input=title,body&label=stars", HOST)
    read = corpus.examples("train", True)
    assert read.inputs[0].startswith("t . a ")
    assert set(read.labels) == {"negative", "positive"}


def test_string_tags_are_tags(tmp_path):
    table = datasets.Dataset.from_dict({"tokens": [["a", "b"]], "upos": [["X", "Y"]]})
    assert open_corpus(saved(table, tmp_path / "a"), HOST).examples("train", True).labels == [["X", "Y"]]


def test_empty_rows_are_skipped_in_step_with_their_labels(tmp_path):
    table = datasets.Dataset.from_dict({"text": ["a", None, "", "d"], "label": ["1", "2", "3", "4"]})
    read = open_corpus(saved(table, tmp_path / "a"), HOST).examples("train", True)
    assert (read.inputs, read.labels) == (["a", "d"], ["1", "4"])
    assert "skipped: 2" in read.notices[0]


def test_a_folder_of_files_needs_no_saving(tmp_path):
    (tmp_path / "train.jsonl").write_text('{"text": "a", "label": "x"}\n{"text": "b", "label": "y"}\n')
    assert open_corpus(f"hf:{tmp_path}", HOST).examples("train", True).labels == ["x", "y"]


def withheld(folder):
    return saved(reviews("cup", 4).map(lambda row: {"label": -1}), folder)


def uneven(folder):
    return saved(datasets.Dataset.from_dict({"tokens": [["a", "b"]], "upos": [["X"]]}), folder)


def damaged(folder):
    name = saved(reviews("cup", 4), folder)
    next(folder.glob("*.arrow")).write_bytes(b"nothing")
    return name


def test_rows_of_one_domain_of_several(tmp_path):
    both = datasets.concatenate_datasets(
        [reviews("book", 6).add_column("domain", ["a"] * 6), reviews("pan", 4).add_column("domain", ["b"] * 4)]
    )
    name = saved(both, tmp_path / "data")
    assert len(open_corpus(f"{name}?where=domain:b", HOST).unlabelled("test")) == 4
    assert len(open_corpus(f"{name}?where=label:positive", HOST).unlabelled("test")) == 5
    for where, said in (("domain:c", "there are: a, b"), ("style:a", "no column 'style'")):
        with pytest.raises(WbError, match=said):
            open_corpus(f"{name}?where={where}", HOST)


BAD = {
    "absent": (lambda folder: f"hf:{folder}", "no such folder"),
    "a file": (lambda folder: (folder.write_text("x"), f"hf:{folder}")[1], "hf: takes folders"),
    "empty": (lambda folder: (folder.mkdir(), f"hf:{folder}")[1], "not a data set of the library"),
    "damaged": (damaged, "not a data set of the library"),
    "withheld labels": (withheld, "labels are withheld"),
    "tags that are too few": (uneven, "2 tokens but 1 of 'upos'"),
    "no such column": (lambda folder: saved(reviews("cup"), folder) + "?input=body", "no column 'body'"),
    "no such split": (lambda folder: saved(reviews("cup"), folder) + "?split=tset", "it is one table"),
    "no such split of several": (
        lambda folder: saved(datasets.DatasetDict({"train": reviews("cup")}), folder) + "?split=tset",
        "there are: train",
    ),
    "no such setting": (lambda folder: saved(reviews("cup"), folder) + "?inptu=a", "did you mean 'input'?"),
    "no label": (lambda folder: saved(reviews("cup").remove_columns("label"), folder), "could be the label"),
    "a name that is not here": (lambda folder: "hf:owner/name?config=en", "wb data get 'hf:owner/name?config=en'"),
    "no name": (lambda folder: "hf:", "names nothing to open"),
    "no name of the Hub": (lambda folder: "hf:owner/..", "neither a folder nor OWNER/NAME"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_one_clear_line(case, tmp_path):
    make, said = BAD[case]
    with pytest.raises(WbError) as caught:
        task = "tagging" if "tags" in case else "classification"
        corpus = open_corpus(make(tmp_path / "data"), HOST, task if "tags" not in case else None)
        corpus.labelled("train", HOST.tasks.get(task).load()())
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_without_a_network_is_one_line(wb, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_ENDPOINT", "http://127.0.0.1:9")
    code, _, err = wb("data", "get", "hf:owner/name")
    assert code == 1
    assert "127.0.0.1:9 does not answer" in err
    assert len(err.strip().splitlines()) == 1


class Hub(BaseHTTPRequestHandler):
    """As much of the Hub as a data set of one Parquet file needs."""

    commit = "a" * 40
    files: ClassVar[dict[str, bytes]] = {}

    def do_GET(self):
        path = self.path.partition("?")[0]
        about = "/api/datasets/owner/name"
        if path.startswith(f"{about}/tree/"):
            folder = "/".join(path.removeprefix(f"{about}/tree/").split("/")[1:])
            inside = [name for name in self.files if name.startswith(folder + "/")]
            rows = [{"type": "file", "path": n, "size": len(self.files[n]), "oid": self.digest(n)} for n in inside]
            rows = rows if folder else [{"type": "directory", "path": "data", "size": 0, "oid": self.commit}]
            self.answer(200, json.dumps(rows).encode())
        elif path.startswith(about):
            names = [{"rfilename": name} for name in self.files]
            self.answer(200, json.dumps({"id": "owner/name", "sha": self.commit, "siblings": names}).encode())
        elif path.startswith("/datasets/owner/name/resolve/"):
            name = path.split("/resolve/")[1].partition("/")[2]
            tag = f'"{self.digest(name)}"' if name in self.files else ""
            self.answer(200 if tag else 404, self.files.get(name, b""), {"ETag": tag} if tag else {})
        else:
            self.answer(200 if path == "/" else 404)

    do_HEAD = do_GET

    def digest(self, name):
        return hashlib.sha1(self.files[name]).hexdigest()

    def answer(self, code, body=b"{}", headers=None):
        self.send_response(code)
        missing = {} if code == 200 else {"X-Error-Code": "EntryNotFound"}
        lengths = {"Content-Length": str(len(body)), "X-Repo-Commit": self.commit}
        for key, value in {**lengths, **missing, **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def hub():
    stream = io.BytesIO()
    reviews("book").to_parquet(stream)
    kind = type("Served", (Hub,), {"files": {"data/train-00000-of-00001.parquet": stream.getvalue()}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_named_data_set_is_brought_once_and_then_runs_without_a_network(hub, tmp_path):
    """The library asks a server that speaks as the Hub does; the run has none that answers."""
    variables = {"HF_HOME": str(tmp_path / "hf"), "HF_HUB_DISABLE_XET": "1", "NO_PROXY": "127.0.0.1"}

    def wb(endpoint, *arguments):
        environment = {**os.environ, **variables, "HF_ENDPOINT": endpoint}
        command = [sys.executable, "-m", "workbench", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)

    got = wb(hub, "data", "get", "hf:owner/name")
    assert got.returncode == 0, got.stderr
    assert "train 40" in got.stdout
    assert got.stderr == ""
    nowhere = "http://127.0.0.1:9"
    assert "already there" in wb(nowhere, "data", "get", "hf:owner/name").stdout
    ran = wb(
        nowhere,
        "run",
        "source-only",
        "--src",
        "hf:owner/name",
        "--tgt",
        "hf:owner/name",
        "--target-labels",
        "none",
        "--json",
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["source"]["edition"] == "hf:owner/name"
    wrong = wb(hub, "data", "get", "hf:owner/other")
    assert wrong.returncode == 1
    assert "could not be had" in wrong.stderr and len(wrong.stderr.strip().splitlines()) == 1


def test_a_bench_takes_names_with_colons(wb, tmp_path):
    names = [saved(reviews(noun), tmp_path / noun) for noun in ("book", "pan")]
    code, out, err = wb("bench", "--methods", "source-only", "--pairs", "::".join(names), "--json")
    assert code == 0, err
    assert [cell["source"] for cell in json.loads(out)["cells"]] == [names[0]]
