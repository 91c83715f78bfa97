"""Every card parses, and says its licence, its source and how it is had; a manual path is checked."""

import numpy as np
import pytest
from scipy.io import savemat

from workbench.data.cards import load as load_card
from workbench.data.opening import find, names_of, open_corpus
from workbench.errors import DataError
from workbench.plugins.loading import load

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


EDITIONS = [
    (name, entry, edition.name)
    for name, entry in CARDS
    if entry.task == "classification"
    for edition in load_card(entry.factory, name).editions
    if edition.manual
]


@pytest.mark.parametrize(("name", "entry", "edition"), EDITIONS, ids=[f"{name}@{e}" for name, _, e in EDITIONS])
def test_a_copy_of_ones_own_is_added_by_path_and_read(wb, tmp_path, name, entry, edition, make_files):
    card = load_card(entry.factory, name)
    make_files(card, card.edition(edition), tmp_path)
    code, out, err = wb("data", "add", f"{name}@{edition}", "--path", str(tmp_path))
    assert code == 0, err
    assert f"runs take the edition '{edition}'" in out
    corpus = open_corpus(name, HOST)
    assert corpus.edition == edition
    for split in corpus.splits:
        domain = corpus.labelled(split, HOST.tasks.get(card.task).load()())
        assert len(domain) >= 2 and len(domain.classes) >= 2
        assert set(domain.classes) <= set(card.classes or domain.classes)
        assert corpus.unlabelled(split).gold is None
    assert not [notice for notice in corpus.notices if "outside" in notice]


@pytest.mark.parametrize(("name", "entry", "edition"), EDITIONS, ids=[f"{name}@{e}" for name, _, e in EDITIONS])
def test_what_a_copy_lacks_is_said_with_the_way_to_get_it(wb, tmp_path, name, entry, edition):
    code, _, err = wb("data", "add", f"{name}@{edition}", "--path", str(tmp_path))
    assert code == 1
    assert "missing: " in err and "Traceback" not in err
    assert len(err.strip().splitlines()) == 1


ARCHIVES = (
    "20newsgroups/rec-talk-source",
    "20newsgroups/comp-sci-target",
    "amazon-reviews/kitchen",
    "visda2017/photographs",
)


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_are_read_in_place_whatever_their_order(name, make_files):
    from workbench import environment

    card = load_card(find(name, HOST).factory, name)
    edition = next(e for e in card.editions if e.files and not e.manual)
    make_files(card, edition, environment.data_folder())
    corpus = open_corpus(f"{name}@{edition.name}", HOST)
    domain = corpus.labelled("train", HOST.tasks.get("classification").load()())
    whole = " ".join(map(str, domain.inputs))
    assert "ecret" not in whole and "someone@" not in whole
    wanted = {"20newsgroups/rec-talk-source": ("rec", "talk"), "20newsgroups/comp-sci-target": ("comp", "sci")}
    assert domain.classes == wanted.get(name, tuple(sorted(card.classes)))


def test_a_damaged_archive_is_one_line():
    from workbench import environment

    path = environment.data_folder() / "amazon-reviews" / "domain_sentiment_data.tar.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x1f\x8b nothing")
    with pytest.raises(DataError, match="a damaged archive"):
        open_corpus("amazon-reviews/dvd@original", HOST).unlabelled("train")


def test_every_newsgroup_stands_on_one_side_of_each_task():
    for task in ("comp-rec", "comp-sci", "comp-talk", "rec-sci", "rec-talk", "sci-talk"):
        sides = []
        for side in ("source", "target"):
            card = load_card("wb_corpora:cards/20newsgroups.toml", f"20newsgroups/{task}-{side}")
            sides.append({pattern.strip("*/") for pattern in card.editions[0].splits["train"][0].members})
        assert not sides[0] & sides[1]
        every = {group for group in card.editions[0].label_map if group.partition(".")[0] in task.split("-")}
        assert sides[0] | sides[1] == every
        for groups in sides:
            assert {group.partition(".")[0] for group in groups} == set(task.split("-"))


def test_a_collection_is_added_at_once_and_what_is_missing_is_said(wb, tmp_path, make_files):
    for domain in ("amazon", "webcam"):
        card = load_card("wb_corpora:cards/office31.toml", f"office31/{domain}")
        make_files(card, card.editions[0], tmp_path)
    for picture in (tmp_path / "webcam" / "images" / "mug").iterdir():
        picture.unlink()
    code, out, err = wb("data", "add", "office31", "--path", str(tmp_path))
    assert code == 0, err
    assert "office31/amazon: runs take" in out
    assert "no images in webcam/images/mug; figures may differ" in out
    assert "not added" in err and "dslr/images" in err
    code, out, err = wb("run", "source-only", "--src", "office31/amazon", "--tgt", "office31/webcam", "--json")
    assert code == 0, err
    assert '"examples": 31' in out and '"examples": 30' in out


def test_a_file_with_another_digest_is_added_and_said(wb, tmp_path, make_files):
    card = load_card("wb_corpora:cards/office-caltech-surf.toml", "office-caltech-surf/dslr")
    make_files(card, card.editions[0], tmp_path)
    code, out, _ = wb("data", "add", "office-caltech-surf/dslr", "--path", str(tmp_path))
    assert code == 0
    assert "sha256 is" in out and "figures may differ" in out


def test_torchvisions_files_are_read_without_it(tmp_path, make_files):
    """Packed and plain forms lie side by side there, and the labels of USPS and SVHN start at 1."""
    card = load_card("wb_corpora:cards/mnist-full.toml", "mnist-full")
    make_files(card, card.edition("torchvision"), tmp_path)
    corpus = open_corpus(f"idx:{tmp_path / 'MNIST' / 'raw'}", HOST)
    assert set(corpus.splits) == {"train", "test"}
    assert len(corpus.unlabelled("test")) == 8
    card = load_card("wb_corpora:cards/usps-full.toml", "usps-full")
    make_files(card, card.edition("torchvision"), tmp_path)
    plain = open_corpus(str(tmp_path / "usps.bz2"), HOST, "classification")
    assert plain.unlabelled("train").inputs.shape == (8, 256)
    shaped = open_corpus(f"svmlight:{tmp_path / 'usps.bz2'}?shape=16,16&low=-1&high=1", HOST)
    images = shaped.unlabelled("train").inputs
    assert images.shape == (8, 16, 16) and images.dtype == np.uint8
    np.testing.assert_array_equal(images[:2, 0, 0], [0, 128])
    assert images[0, -1, -1] == 255


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
