"""Readers of feature matrices and images: known answers on files that the test writes, and bad files."""

import gzip
import io
import struct

import numpy as np
import pytest
from scipy import sparse
from scipy.io import savemat

from wb_image.readers.arrays import Npz, SVMLight
from wb_image.readers.folder import ImageFolder
from wb_image.readers.idx import Idx
from wb_image.readers.image_list import ImageList
from wb_image.readers.mat import Mat
from workbench.data.readers import SourceFile
from workbench.errors import DataError

X = np.arange(12.0).reshape(3, 4)
Y = np.array([1, 2, 1])


def file(content, name="x.mat"):
    return [SourceFile(name, lambda: content)]


def mat(**variables):
    stream = io.BytesIO()
    savemat(stream, variables)
    return file(stream.getvalue())


def hdf5(**variables):
    import h5py

    stream = io.BytesIO()
    with h5py.File(stream, "w") as found:
        for name, value in variables.items():
            found[name] = value
    return file(stream.getvalue())


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return file(stream.getvalue(), "x.npz")


def idx(array, kind=0x08):
    head = bytes([0, 0, kind, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.tobytes()


def test_mat_finds_the_usual_variables():
    found = Mat().read(mat(fts=X, labels=Y[:, None]))
    np.testing.assert_array_equal(found.inputs, X)
    assert found.labels == ["1", "2", "1"]


def test_mat_reads_sparse_features_and_whole_numbers_as_names():
    found = Mat().read(mat(fts=sparse.csc_matrix(X), labels=Y.astype(float)))
    np.testing.assert_array_equal(found.inputs.toarray(), X)
    assert found.labels == ["1", "2", "1"]


def test_mat_of_version_73_holds_what_matlab_holds():
    # HDF5 shows the transpose of MATLAB's matrix: examples in MATLAB's columns stand in HDF5's rows.
    found = Mat(Mat.Params(features="Xs", labels="Ys", columns=True, shape="2,2")).read(hdf5(Xs=X, Ys=Y[None, :]))
    np.testing.assert_array_equal(found.inputs, X.reshape(3, 2, 2))
    assert found.labels == ["1", "2", "1"]


def test_without_labels_no_label_is_read():
    assert Mat().read(mat(fts=X), labelled=False).labels is None
    assert Npz().read(npz(x=X, y=Y), labelled=False).labels is None


def test_npz_and_svmlight():
    assert Npz().read(npz(x=X, y=np.array(["a", "b", "a"]))).labels == ["a", "b", "a"]
    found = SVMLight().read(file(b"1 1:0.5 3:2\n-1 2:1\n", "x.svmlight"))
    np.testing.assert_array_equal(found.inputs.toarray(), [[0.5, 0, 2], [0, 1, 0]])
    assert found.labels == ["1", "-1"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_idx_joins_images_and_labels(pack):
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    labels = np.array([7, 3], dtype=np.uint8)
    files = file(pack(idx(images)), "images.idx") + file(pack(idx(labels)), "labels.idx")
    found = Idx().read(files)
    np.testing.assert_array_equal(found.inputs, images)
    assert found.labels == ["7", "3"]


def png(colour):
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (5, 7), colour).save(stream, "PNG")
    return stream.getvalue()


def test_image_folder_takes_the_class_from_the_folder_and_names_a_corrupt_image():
    files = file(png("red"), "root/cat/1.png") + file(b"junk", "root/cat/2.png") + file(png("blue"), "root/dog/3.png")
    found = ImageFolder(ImageFolder.Params(size=8)).read(files)
    assert found.labels == ["cat", "dog"]
    assert found.inputs.shape == (2, 8, 8, 3)
    assert found.inputs[0, 0, 0].tolist() == [255, 0, 0]
    assert "skipped: 1, the first is root/cat/2.png" in found.notices[0]
    with pytest.raises(DataError, match=r"2\.png: not a whole image"):
        ImageFolder(ImageFolder.Params(strict=True)).read(files)


@pytest.mark.parametrize(
    ("reader", "files", "line"),
    [
        (Mat(), file(b"junk"), "not a MATLAB file"),
        (Mat(), file(b""), "not a MATLAB file"),
        (Mat(), file(b"\x89HDF\r\n\x1a\n junk"), "not a whole MATLAB 7.3 file"),
        (Mat(), mat(other=X), "no variable 'fts'.*there is: other"),
        (Mat(Mat.Params(features="Z")), mat(fts=X, labels=Y), "no variable 'Z'.*fts, labels"),
        (Mat(), mat(fts=X.T, labels=Y), r"4 examples but 3 labels; give \?columns=true"),
        (Mat(Mat.Params(shape="3,3")), mat(fts=X, labels=Y), "do not make images of shape 3,3"),
        (Mat(Mat.Params(shape="a")), mat(fts=X, labels=Y), "not a list of sizes"),
        (Npz(), file(b"junk", "x.npz"), "not a NumPy archive"),
        (Npz(), npz(x=np.array([{}], dtype=object), y=Y), "not a NumPy archive of plain arrays"),
        (SVMLight(), file(b"a b c\n", "x.svmlight"), "not in svmlight format"),
        (Idx(), file(b"\0\0\x08\x03\0\0", "x.idx"), "not a whole IDX file"),
        (Idx(), file(idx(Y.astype(np.uint8)), "x.idx"), "no images"),
        (ImageFolder(), file(b"junk", "a/b.png"), "none of 1 files is a whole image"),
    ],
)
def test_a_bad_file_ends_in_one_line(reader, files, line):
    with pytest.raises(DataError, match=line) as caught:
        reader.read(files)
    assert "\n" not in str(caught.value)


def picture(path, value=7):
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((5, 5, 3), value, np.uint8)).save(path)


def test_an_image_list_takes_order_and_labels_from_the_list(tmp_path):
    from workbench.data import archives

    for number in (1, 2):
        picture(tmp_path / "pictures" / f"a {number}.png", number)
    (tmp_path / "list.txt").write_text("a 2.png cat\n\na 1.png dog\n")
    reader = ImageList(ImageList.Params(images="pictures", size=5, grey=True))
    found = reader.read([archives.plain(tmp_path / "list.txt")])
    np.testing.assert_array_equal(found.inputs[:, 0, 0], [2, 1])
    assert found.labels == ["cat", "dog"]
    assert reader.read([archives.plain(tmp_path / "list.txt")], labelled=False).labels is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a.png cat\nb.png dog\n", "line 2: .*b.png is missing"),
        ("cat\n", "line 1: 'cat' is neither PATH LABEL nor PATH"),
        ("\n", "lists no image"),
        ("torn.png cat\n", "not a whole image"),
    ],
)
def test_a_bad_image_list_is_one_line(tmp_path, text, said):
    from workbench.data import archives

    picture(tmp_path / "a.png")
    (tmp_path / "torn.png").write_bytes((tmp_path / "a.png").read_bytes()[:30])
    (tmp_path / "list.txt").write_text(text)
    with pytest.raises(DataError, match=said):
        ImageList().read([archives.plain(tmp_path / "list.txt")])


@pytest.mark.parametrize("content", [b"BZh9 nothing", b"1 1:1\n"])
def test_svmlight_images_need_whole_files_and_the_right_shape(content):
    reader = SVMLight(SVMLight.Params(shape="2,2"))
    with pytest.raises(DataError):
        reader.read(file(content, "x.bz2"))


NAMES = ["cat", "dog", "cat"]


@pytest.mark.parametrize("labels", [np.array([[name] for name in NAMES], dtype=object), np.array(NAMES)])
def test_mat_labels_may_be_cells_of_text_or_rows_of_letters(labels):
    assert Mat().read(mat(fts=X, labels=labels)).labels == NAMES


def test_mat_cells_of_different_lengths_and_of_numbers():
    assert Mat().read(mat(fts=X, labels=np.array(["a", "mouse", "ox"], dtype=object))).labels == ["a", "mouse", "ox"]
    assert Mat().read(mat(fts=X, labels=np.array(["a  ", "bcd", "e  "]))).labels == ["a", "bcd", "e"]
    assert Mat().read(mat(fts=X, labels=np.array([1.0, 2.0, "three"], dtype=object))).labels == ["1", "2", "three"]


def test_cells_of_text_in_the_hdf5_files_of_matlab_7_3():
    import h5py

    stream = io.BytesIO()
    with h5py.File(stream, "w") as stored:
        stored["fts"] = X.T
        cells = []
        for number, name in enumerate(NAMES):
            cell = stored.create_dataset(f"#refs#/{number}", data=np.array([[ord(letter)] for letter in name], "u2"))
            cell.attrs["MATLAB_class"] = np.bytes_("char")
            cells.append(cell.ref)
        labels = stored.create_dataset("labels", (1, len(cells)), dtype=h5py.ref_dtype)
        labels[0] = cells
        labels.attrs["MATLAB_class"] = np.bytes_("cell")
    assert Mat().read(file(stream.getvalue())).labels == NAMES
