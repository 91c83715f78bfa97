"""``wb data`` as a person uses it."""

import json

from workbench.data.cards import parse
from workbench.errors import DataError


def test_list_show_and_the_embedded_edition_without_any_download(wb):
    code, out, _ = wb("data", "list", "--json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert code == 0
    assert rows["wsj"]["uses"] == rows["medline"]["uses"] == "embedded"
    assert rows["amazon-reviews/books"]["uses"] == ""
    code, out, _ = wb("data", "show", "medline")
    assert code == 0 and "run: wb data get medline" in out and "14,326 sentences" in out


def test_what_is_not_installed_says_how_to_get_it(wb):
    code, _, err = wb("run", "scl", "--src", "books", "--tgt", "kitchen")
    assert code == 1
    assert err.splitlines()[-1].startswith("wb: 'amazon-reviews/books' is not installed")


def test_a_licensed_original_by_path(wb, tmp_path):
    code, _, err = wb("data", "add", "wsj@treebank-3", "--path", str(tmp_path))
    assert code == 1 and "missing: 0[2-9]/*.mrg" in err
    for section in ("02", "10", "20", "23", "24"):
        (tmp_path / section).mkdir()
        (tmp_path / section / f"wsj_{section}01.mrg").write_text("( (S (NP (DT the) (NN bank)) (VP (VBD fell))) )")
    assert wb("data", "add", "wsj@treebank-3", "--path", str(tmp_path))[0] == 0
    assert json.loads(wb("data", "list", "--json")[1])[-1]["uses"] == "treebank-3"
    assert wb("data", "remove", "wsj", "-y")[0] == 0
    assert json.loads(wb("data", "list", "--json")[1])[-1]["uses"] == "embedded"


def test_a_card_with_a_mistake_names_the_file_and_the_key():
    try:
        parse("title = 'x'\ntask = 'tagging'\nlicence = 'x'\ncitation = 'x'\neditons = []\n", "x", "x.toml")
    except DataError as error:
        assert "x.toml" in str(error) and "edit" in str(error)
    else:
        raise AssertionError("the card was taken")
