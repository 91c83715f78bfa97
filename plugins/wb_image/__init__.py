"""Images and feature matrices: readers, pixels as features, digits rendered or bundled with scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import CorpusEntry, FeaturizerEntry, ReaderEntry
    from workbench.plugins.registry import Registrar

TASK = "classification"

READERS = (
    ("mat", "mat:Mat", (".mat",), "MATLAB files of features or images, old and new"),
    ("npz", "arrays:Npz", (".npz",), "NumPy archives of features or images"),
    ("numbers", "table:Numbers", (".csv", ".tsv", ".parquet"), "tables of numbers with a label column"),
    ("svmlight", "arrays:SVMLight", (".svmlight", ".libsvm", ".bz2"), "sparse features, one example a line"),
    ("idx", "idx:Idx", (".idx", ".gz"), "the files of MNIST and its kin: images and labels"),
    ("image-list", "image_list:ImageList", (".txt",), "a file that lists images and their classes"),
    ("image-folder", "folder:ImageFolder", (".png", ".jpg", ".jpeg", ".bmp", ".webp"), "one folder for each class"),
)


@hookimpl
def wb_register_readers(register: Registrar[ReaderEntry]) -> None:
    for name, factory, suffixes, summary in READERS:
        register(name, f"wb_image.readers.{factory}", task=TASK, suffixes=suffixes, summary=summary)


@hookimpl
def wb_register_featurizers(register: Registrar[FeaturizerEntry]) -> None:
    register("pixels", "wb_image.pixels:Pixels", inputs="images", default=True, summary="the pixels in reading order")


@hookimpl
def wb_register_corpora(register: Registrar[CorpusEntry]) -> None:
    register(
        "digits",
        "wb_image.digits:Handwritten",
        task=TASK,
        generated=True,
        summary="1,797 handwritten digits that scikit-learn ships",
    )
    register(
        "fonts",
        "wb_image.digits:Printed",
        task=TASK,
        generated=True,
        extra="plots",
        summary="digits drawn in the fonts that Matplotlib ships, distorted",
    )
