"""The embedded samples are what their data statement says."""

from pathlib import Path

import pytest

import wb_corpora
from workbench import load
from workbench.data.cards import load as load_card
from workbench.data.editions import from_card

SAMPLES = Path(wb_corpora.__file__).parent / "samples"


def sentences(path: Path) -> list[list[str]]:
    tagged = path.suffix == ".tagged"
    return [
        [token.rpartition("/")[0] if tagged else token for token in line.split()]
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def test_no_two_sentences_share_six_words_in_a_row():
    seen: dict[tuple[str, ...], tuple[str, int]] = {}
    for path in sorted(SAMPLES.iterdir()):
        for number, words in enumerate(sentences(path), 1):
            lower = [word.lower() for word in words]
            for i in range(len(lower) - 5):
                place = (path.name, number)
                assert seen.setdefault(tuple(lower[i : i + 6]), place) == place


@pytest.mark.parametrize(
    ("name", "least"),
    [("newswire.tagged", 300), ("biomedical.tagged", 300), ("newswire.text", 600), ("biomedical.text", 600)],
)
def test_there_is_enough_of_each(name, least):
    assert len(sentences(SAMPLES / name)) >= least


@pytest.mark.parametrize("name", ["wsj", "medline"])
def test_every_tag_is_declared_by_the_card(name):
    host = load()
    card = load_card(host.corpora.get(name).factory, name)
    corpus = from_card(card, host, "embedded")
    task = host.tasks.get("tagging").load()()
    for split in set(corpus.splits) - {"unlabelled"}:
        assert set(corpus.labelled(split, task).classes) <= set(card.classes)
    assert not corpus.notices
