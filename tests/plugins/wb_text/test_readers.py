"""Readers of tagged and plain sentences: known answers on small files, and the round trip through word/TAG."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_text.readers.column import Column
from wb_text.readers.conllu import CoNLLU
from wb_text.readers.genia import GeniaXML
from wb_text.readers.penn import PennBrackets
from wb_text.readers.plain import PlainText, TokenisedText
from wb_text.readers.slash_tagged import SlashTagged
from workbench import load
from workbench.data.opening import open_corpus
from workbench.data.readers import SourceFile
from workbench.errors import NotInstalled

CONLLU = (
    "# sent_id = 1\n# text = vámonos al mar\n"
    "1-2\tvámonos\t_\t_\t_\t_\t_\t_\t_\t_\n"
    "1\tvamos\tir\tVERB\tVB\t_\t0\troot\t_\t_\n"
    "2\tnos\tnosotros\tPRON\tPRP\t_\t1\tobj\t_\t_\n"
    "2.1\tque\t_\tSCONJ\tIN\t_\t_\t_\t_\t_\n"
    "\n"
    "1\tmar\tmar\tNOUN\tNN\t_\t0\troot\t_\t_\n"
)


def source(text: str | bytes, name: str = "mini.txt") -> SourceFile:
    data = text if isinstance(text, bytes) else text.encode()
    return SourceFile(name, lambda: data)


def test_conllu_skips_multiword_tokens_empty_nodes_and_comments():
    found = CoNLLU().read([source(CONLLU)])
    assert found.inputs == [["vamos", "nos"], ["mar"]]
    assert found.labels == [["VB", "PRP"], ["NN"]]
    assert found.notices == ()


def test_conllu_gives_universal_tags_when_asked():
    assert CoNLLU(CoNLLU.Params(tags="upos")).read([source(CONLLU)]).labels == [["VERB", "PRON"], ["NOUN"]]


def test_conllu_without_treebank_tags_falls_back_and_says_so():
    text = "1\tmar\t_\tNOUN\t_\t_\t0\troot\t_\t_\n"
    found = CoNLLU().read([source(text, "ud.conllu")])
    assert found.labels == [["NOUN"]]
    assert len(found.notices) == 1
    assert "ud.conllu" in found.notices[0] and "UPOS" in found.notices[0]


def test_conllu_without_any_tags_is_unlabelled():
    found = CoNLLU().read([source("1\tmar\t_\t_\t_\t_\t0\troot\t_\t_\n")])
    assert found.inputs == [["mar"]]
    assert found.labels is None


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_of_any_system_read_the_same(ending):
    found = CoNLLU().read([source(CONLLU.replace("\n", ending))])
    assert found.labels == [["VB", "PRP"], ["NN"]]


def test_columns_are_chosen_by_number_from_either_end():
    text = "1 Cells cell NNS\n2 grow grow VBP\n\n\n1 They they PRP\n"
    params = Column.Params(word=1, tag=-1)
    found = Column(params).read([source(text)])
    assert found.inputs == [["Cells", "grow"], ["They"]]
    assert found.labels == [["NNS", "VBP"], ["PRP"]]


@pytest.mark.parametrize(
    ("separator", "text"), [("tab", "New York\tNNP"), ("\\t", "New York\tNNP"), (";", "New York;NNP")]
)
def test_a_named_separator_keeps_blanks_within_words(separator, text):
    assert Column(Column.Params(separator=separator)).read([source(text)]).inputs == [["New York"]]


def test_columns_need_no_tag_when_labels_are_not_asked_for():
    found = Column().read([source("Cells\ngrow\n")], labelled=False)
    assert found.inputs == [["Cells", "grow"]]
    assert found.labels is None


def test_comments_in_columns_are_skipped():
    assert Column(Column.Params(comment="#")).read([source("# x y\nof IN\n")]).inputs == [["of"]]


def test_the_last_slash_separates_word_and_tag():
    found = SlashTagged().read([source("and/or/CC 1/2/CD\n\n//: x/NN\n")])
    assert found.inputs == [["and/or", "1/2"], ["/", "x"]]
    assert found.labels == [["CC", "CD"], [":", "NN"]]


words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8)
tags = st.text(st.characters(categories=("Lu", "Po"), exclude_characters="/"), min_size=1, max_size=4)
tagged = st.lists(st.lists(st.tuples(words, tags), min_size=1, max_size=6), min_size=1, max_size=6)


@given(tagged)
def test_what_is_written_as_word_slash_tag_reads_back(sentences):
    text = "\n".join(" ".join(f"{word}/{tag}" for word, tag in s) for s in sentences)
    found = SlashTagged().read([source("\n" + text)])  # a first word may look like a byte-order mark
    assert found.inputs == [[word for word, _ in s] for s in sentences]
    assert found.labels == [[tag for _, tag in s] for s in sentences]


@given(tagged)
def test_what_is_written_as_columns_reads_back(sentences):
    text = "\n\n".join("\n".join(f"{word}\t{tag}" for word, tag in s) for s in sentences)
    found = Column(Column.Params(separator="tab")).read([source("\n" + text)])
    assert found.inputs == [[word for word, _ in s] for s in sentences]
    assert found.labels == [[tag for _, tag in s] for s in sentences]


def test_penn_trees_lose_traces_and_escapes_but_keep_bracket_tags():
    text = (
        "( (S (NP-SBJ (-NONE- *T*-1) ) (VP (VBZ is) (-LRB- -LRB-) (CD 1\\/2) (-RRB- -RSB-))))\n"
        "( (FRAG (-NONE- *)))\n(UH Yes)\n"
    )
    found = PennBrackets().read([source(text, "a.mrg")])
    assert found.inputs == [["is", "(", "1/2", "]"], ["Yes"]]
    assert found.labels == [["VBZ", "-LRB-", "CD", "-RRB-"], ["UH"]]
    assert "1 sentences without tokens" in found.notices[0]


GENIA = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE Annotation><Annotation>
<sentence id="S1"><cons cat="NP"><tok cat="PRPP">its</tok> <tok cat="NN">IL-2<b> </b></tok></cons>
<cons cat="NP" null="T"></cons><tok cat="LRB">(</tok><tok cat="PERIOD">.</tok></sentence></Annotation>"""


@pytest.mark.parametrize(
    ("penn", "names"), [(True, ["PRP$", "NN", "-LRB-", "."]), (False, ["PRPP", "NN", "LRB", "PERIOD"])]
)
def test_genia_tags_take_their_penn_names_unless_told_not_to(penn, names):
    found = GeniaXML(GeniaXML.Params(penn=penn)).read([source(GENIA, "1.xml")])
    assert found.inputs == [["its", "IL-2", "(", "."]]
    assert found.labels == [names]


def test_plain_text_becomes_tokenised_sentences_without_labels():
    found = PlainText().read([source("Cells don't grow (Fig. 2).\nThey die.\n\nA title\n\nAn end.")])
    assert found.inputs == [
        ["Cells", "do", "n't", "grow", "(", "Fig.", "2", ")", "."],
        ["They", "die", "."],
        ["A", "title"],
        ["An", "end", "."],
    ]
    assert found.labels is None


def test_spacys_tokeniser_names_the_extra_it_needs(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "spacy", None)
    with pytest.raises(NotInstalled, match=r"adaptation-workbench\[text\]"):
        PlainText(PlainText.Params(tokeniser="spacy")).read([source("Some text.")])


def test_spacys_tokeniser_splits_sentences_and_words():
    pytest.importorskip("spacy", reason="spaCy is an optional extra")
    found = PlainText(PlainText.Params(tokeniser="spacy")).read([source("Cells don't grow. They die.")])
    assert found.inputs == [["Cells", "do", "n't", "grow", "."], ["They", "die", "."]]


def test_tokenised_text_is_taken_as_it_stands():
    found = TokenisedText().read([source("Cells do n't grow .\n\nThey die .\n")])
    assert found.inputs == [["Cells", "do", "n't", "grow", "."], ["They", "die", "."]]
    assert found.labels is None


def test_several_files_read_as_one_run_in_their_order():
    found = SlashTagged().read([source("a/DT\n", "1"), source("b/NN", "2")])
    assert found.inputs == [["a"], ["b"]]


LABELLED = [
    (CoNLLU, CONLLU),
    (Column, "a DT\n"),
    (SlashTagged, "a/DT\n"),
    (PennBrackets, "(DT a)"),
    (GeniaXML, GENIA),
]


@pytest.mark.parametrize(("reader", "text"), LABELLED)
def test_labels_that_are_not_asked_for_are_nowhere(reader, text):
    assert reader().read([source(text)], labelled=False).labels is None


HEADS = {
    "conllu": CONLLU,
    "column": "Cells NNS B-NP\ngrow VBP B-VP\n\nThey PRP B-NP\n",
    "slash": "of/IN the/DT\nin/IN a/DT\n",
    "penn": "\n( (S (NN a)))",
    "genia": GENIA,
    "text": "This is short.\nSo is this one here.\n",
}
RECOGNISES = {
    CoNLLU: {"conllu"},
    Column: {"column"},
    SlashTagged: {"slash"},
    PennBrackets: {"penn"},
    GeniaXML: {"genia"},
}


@pytest.mark.parametrize("reader", RECOGNISES)
def test_a_reader_recognises_its_own_format_only(reader):
    assert {name for name, head in HEADS.items() if reader.recognises(head.encode())} == RECOGNISES[reader]


@pytest.mark.parametrize("kind", ["column", "slash", "text"])
def test_a_txt_file_is_read_by_the_reader_of_its_format(kind, tmp_path):
    path = tmp_path / "any.txt"
    path.write_text(HEADS[kind])
    corpus = open_corpus(str(path), load(), "tagging")
    assert (
        corpus.title
        == {
            "column": "your column file",
            "slash": "your slash-tagged file",
            "text": "your plain-text file",
        }[kind]
    )
