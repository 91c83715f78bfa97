"""Small made files in the layout that a card asks for, one maker for each reader."""

from __future__ import annotations

import bz2
import gzip
import io
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest

PER_CLASS = 4


@pytest.fixture(scope="session")
def make_files():
    """Write small files below a folder in the layout of a card's edition: eight examples of two classes a file."""

    def make(card, edition, root: Path) -> None:
        parts = {(part.file, str(part.options)): part for parts in edition.splits.values() for part in parts}
        for part in parts.values():
            MAKERS[part.reader](part, card, root)

    return make


def _path(root: Path, pattern: str) -> Path:
    path = root / pattern
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _mat(part, card, root):
    from scipy.io import savemat

    options = part.options
    names = np.repeat([1, 2], PER_CLASS)
    side = int(np.prod([int(s) for s in options["shape"].split(",")])) if "shape" in options else 6
    features = np.random.default_rng(0).random((len(names), side)) + names[:, None]
    if options.get("columns"):
        features = features.T
    if options.get("last"):
        features = np.moveaxis((np.ones((len(names), 4, 4, 3)) * names[:, None, None, None]).astype(np.uint8), 0, -1)
    file = _path(root, part.file)
    kept = {}
    if file.exists():
        from scipy.io import loadmat

        kept = {name: value for name, value in loadmat(file).items() if not name.startswith("__")}
    savemat(file, {**kept, options.get("features", "fts"): features, options.get("labels", "labels"): names[:, None]})


def _table(part, card, root):
    rows = [(i % 2, f"word{i % 2} other{i}") for i in range(2 * PER_CLASS)]
    text = "label\trating\ttitle\ttext\n" + "".join(f"{label}\t1\t{words}\t{words}\n" for label, words in rows)
    _path(root, part.file).write_text(text)


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def _idx(part, card, root):
    labels = np.arange(2 * PER_CLASS, dtype=np.uint8) % 2
    images = np.ones((len(labels), 28, 28), np.uint8) * (labels[:, None, None] * 90 + 10)
    stem = part.file.partition("*")[0]
    for name, array in ((f"{stem}images-idx3-ubyte", images), (f"{stem}labels-idx1-ubyte", labels)):
        _path(root, name + ".gz").write_bytes(gzip.compress(idx(array)))
        if not part.file.endswith(".gz"):
            _path(root, name).write_bytes(idx(array))


def _picture(path: Path, value: int) -> None:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((8, 8, 3), value, np.uint8)).save(path)


def _image_folder(part, card, root):
    names = card.classes or ("one", "two")
    if part.file.endswith(".tar"):
        with tarfile.open(_path(root, part.file), "w") as archive:
            for number, name in enumerate(names):
                picture = root / "picture.png"
                _picture(picture, number)
                archive.add(picture, part.members.partition("*/")[0] + f"{name}/a.png")
                picture.unlink()
        return
    before, _, after = part.file.partition("*/")
    ending = ".jpg" if after.endswith(".jpg") else ".png"
    for number, name in enumerate(names):
        _picture(root / before / name / f"a{ending}", number)


def _image_list(part, card, root):
    lines = []
    for number in range(2 * PER_CLASS):
        _picture(root / Path(part.file).parent / part.options["images"] / f"{number:08}.png", 100 * (number % 2))
        lines.append(f"{number:08}.png {number % 2}\n")
    _path(root, part.file).write_text("".join(lines))


def _svmlight(part, card, root):
    lines = [f"{1 + i % 2} 1:{-1 + i % 2} 256:1\n" for i in range(2 * PER_CLASS)]
    _path(root, part.file).write_bytes(bz2.compress("".join(lines).encode()))


def _tar(path: Path, members: dict[str, str]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            data = text.encode("latin-1")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def _posts(part, card, root):
    groups = [pattern.strip("*/") for pattern in part.members]
    post = "From: someone@somewhere\nSubject: a secret\n\nThe body of {}, é.\n"
    # The archive's order is not that of the names.
    members = {f"20news-bydate-train/{group}/{i}": post.format(group) for i in (9, 10, 2) for group in groups}
    _tar(_path(root, part.file), {**members, "20news-bydate-test/alt.atheism/1": "Path: x\n\nno\n"})


def _blitzer(part, card, root):
    review = "<review>\n<title>\nA {0} thing\n</title>\n<reviewer>\nJane Secret\n</reviewer>\n<review_text>\nQuite {0}."
    review += "\n</review_text>\n</review>\n"
    words = {"negative": "poor", "positive": "great"}
    members = {name: review.format(words[Path(name).stem]) * PER_CLASS for name in part.members}
    _tar(_path(root, part.file), members)


MAKERS = {
    "mat": _mat,
    "table": _table,
    "idx": _idx,
    "image-folder": _image_folder,
    "image-list": _image_list,
    "svmlight": _svmlight,
    "posts": _posts,
    "blitzer-reviews": _blitzer,
}
