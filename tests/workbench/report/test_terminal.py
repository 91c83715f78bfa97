"""Tables as wide as the terminal is."""

import pytest

from workbench.report import ranking, terminal

RANKING = [
    ["source-only, 1nn (plain reference)", "59.38 ± 0.00", "–", "–", "–", "–", "–", "–", "1", "–"],
    ["tca", "51.14 ± 0.00", "-8.24", "< .001", "source-only", "-8.24", "< .001", "1", "1", "11.0"],
]


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_no_word_of_a_ranking_is_cut(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = terminal.blocks(ranking.HEADERS, RANKING).split("\n")
    assert max(map(len, lines)) <= columns
    text = " ".join(" ".join(lines).split())
    for cell in [*ranking.HEADERS, *(cell for row in RANKING for cell in row)]:
        assert cell in text


def test_a_wide_terminal_has_one_table(monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    assert len(terminal.blocks(ranking.HEADERS, RANKING).split("\n")) == 1 + len(RANKING)


def test_the_first_column_stays_whole_where_the_others_fold_between_words(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    drawn = terminal.table(
        ["name", "task", "takes", "what it is"],
        [["shift/conditional-source", "classification", "generated", "generated shifts of feature vectors, " * 2]],
        left=4,
    )
    assert drawn.split("\n")[1].startswith("shift/conditional-source ")
