"""Every card parses, and says its licence, its source and how it is had; a manual path is checked."""

import numpy as np
import pytest
from scipy.io import savemat

from workbench.cards import load as load_card
from workbench.corpora import find, names_of
from workbench.plugins import load

HOST = load()
CARDS = [(name, entry) for entry in HOST.corpora if not entry.generated for name in names_of(entry)]


@pytest.mark.parametrize(("name", "entry"), CARDS, ids=[name for name, _ in CARDS])
def test_a_card_says_what_it_must(name, entry):
    card = load_card(entry.factory, name)
    assert card.licence and card.citation and card.task == entry.task
    for edition in card.editions:
        assert edition.embedded or edition.manual or all(file.url for file in edition.files)
        assert {"train", "test"} & set(edition.splits)
        for part in (part for parts in edition.splits.values() for part in parts):
            reader = HOST.readers.get(part.reader).load()
            reader.Params.parse(part.options)
        assert "{" not in str(edition.manual) + str([part.file for parts in edition.splits.values() for part in parts])


def test_a_short_name_means_one_collection():
    assert find("amazon", HOST).name == "office-caltech-surf"
    assert find("books", HOST).name == "amazon-reviews"
    assert find("mnist", HOST).name == "mnist-usps"


def test_a_folder_of_photographs_is_added_by_path_and_runs(wb, tmp_path):
    from PIL import Image

    generator = np.random.default_rng(0)
    for domain, base in (("amazon", 0), ("webcam", 60)):
        for number, label in enumerate(("mug", "lamp")):
            folder = tmp_path / domain / "images" / label
            folder.mkdir(parents=True)
            for i in range(8):
                pixels = generator.integers(0, 60, size=(8, 8, 3)) + 100 * number + base
                Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{i}.jpg")
    for domain in ("amazon", "webcam"):
        code, out, err = wb("data", "add", f"office31/{domain}", "--path", str(tmp_path))
        assert code == 0, out + err
    code, out, err = wb("run", "source-only", "--src", "office31/amazon", "--tgt", "office31/webcam", "--json")
    assert code == 0, err
    assert '"examples": 16' in out


def test_a_path_that_lacks_the_files_is_refused_in_one_line(wb, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = wb("data", "add", "office31/amazon", "--path", str(tmp_path / "empty"))
    assert code != 0
    assert "amazon/images" in err
    assert "Traceback" not in err


def test_a_manual_collection_of_features(wb, tmp_path):
    generator = np.random.default_rng(0)
    for domain in ("amazon", "dslr"):
        labels = np.arange(30) % 3 + 1
        features = generator.random((30, 5)) + np.eye(5)[labels]
        savemat(tmp_path / f"{domain}_decaf.mat", {"feas": features, "labels": labels[:, None]})
        assert wb("data", "add", f"office-caltech-decaf6/{domain}", "--path", str(tmp_path))[0] == 0
    pair = ("--src", "office-caltech-decaf6/amazon", "--tgt", "office-caltech-decaf6/dslr")
    code, _, err = wb("run", "sa", *pair, "--dimensions", "3", "--json")
    assert code == 0, err
