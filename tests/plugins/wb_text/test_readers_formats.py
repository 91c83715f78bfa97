"""Readers on small files with known answers, on bad input, and on the real treebanks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_text.readers.column import Column
from wb_text.readers.conllu import CoNLLU
from wb_text.readers.genia import GeniaXML
from wb_text.readers.penn import PennBrackets
from wb_text.readers.plain import PlainText, TokenisedText
from wb_text.readers.slash_tagged import SlashTagged
from wb_text.readers.table import Table
from workbench.data.readers import SourceFile
from workbench.errors import DataError

ROW = "{}\t{}\t_\t{}\t{}\t_\t_\t_\t_\t_\n"
CONLLU = "# text = the cell binds\n" + "".join(
    ROW.format(i, w, u, x)
    for i, w, u, x in [("1-2", "thecell", "_", "_"), (1, "the", "DET", "DT"), (2, "cell", "NOUN", "NN")]
)
PENN = "( (S (NP-SBJ (DT A) (NN form) (-LRB- -LRB-) (CD 1\\/2) (-RRB- -RRB-)) (VP (VBD was) (NP (-NONE- *-1)))) )"
GENIA = (
    '<Annotation><sentence id="S1"><cons cat="NP"><tok cat="LRB">(</tok><tok cat="NN">IL-2</tok></cons>'
    '<cons cat="NP" null="NONE"></cons><tok cat="PERIOD">.</tok></sentence></Annotation>'
)


def file(content, name="x.txt"):
    data = content if isinstance(content, bytes) else content.encode()
    return [SourceFile(name, lambda: data)]


def test_conllu_reads_either_tag_column_and_skips_multiword_lines():
    found = CoNLLU().read(file(CONLLU))
    assert found.inputs == [["the", "cell"]]
    assert found.labels == [["DT", "NN"]]
    assert CoNLLU(CoNLLU.Params(tags="upos")).read(file(CONLLU)).labels == [["DET", "NOUN"]]


def test_conllu_without_treebank_tags_falls_back_and_says_so():
    found = CoNLLU().read(file(CONLLU.replace("\tDT\t", "\t_\t").replace("\tNN\t", "\t_\t")))
    assert found.labels == [["DET", "NOUN"]]
    assert "universal tags" in found.notices[-1]


def test_columns_are_chosen_by_number():
    text = "Confidence NN B-NP\nin IN B-PP\n\nthe DT B-NP\n"
    assert Column().read(file(text)).labels == [["NN", "IN"], ["DT"]]
    assert Column(Column.Params(tag=-1)).read(file(text)).labels == [["B-NP", "B-PP"], ["B-NP"]]


def test_penn_brackets_drop_traces_and_unescape_words():
    found = PennBrackets().read(file(PENN))
    assert found.inputs == [["A", "form", "(", "1/2", ")", "was"]]
    assert found.labels == [["DT", "NN", "-LRB-", "CD", "-RRB-", "VBD"]]


def test_genia_tags_get_penn_names():
    assert GeniaXML().read(file(GENIA)).labels == [["-LRB-", "NN", "."]]
    assert GeniaXML(GeniaXML.Params(penn=False)).read(file(GENIA)).labels == [["LRB", "NN", "PERIOD"]]


def test_plain_text_is_split_into_sentences_and_tokens():
    found = PlainText().read(file("Dr. Ito can't say (yet). It binds IL-2, e.g. in T cells."))
    assert found.inputs[0] == ["Dr.", "Ito", "ca", "n't", "say", "(", "yet", ")", "."]
    assert found.inputs[1][-4:] == ["in", "T", "cells", "."]
    assert found.labels is None


WORD = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=8)
TAG = st.sampled_from(["NN", "JJ", ".", "``", "PRP$"])


@given(st.lists(st.lists(st.tuples(WORD, TAG), min_size=1, max_size=6), min_size=1, max_size=5))
def test_what_is_written_slash_tagged_reads_back(sentences):
    text = "\n".join(" ".join(f"{word}/{tag}" for word, tag in sentence) for sentence in sentences)
    found = SlashTagged().read(file(text))
    assert [list(zip(w, t, strict=True)) for w, t in zip(found.inputs, found.labels, strict=True)] == sentences


def test_tables_by_column_name():
    found = Table(Table.Params(text="title,text", label="stars")).read(
        file("stars,title,text\n5,Good,I like it\n", "r.csv")
    )
    assert found.labels == ["5"]
    assert "Good" in found.inputs[0] and "I like it" in found.inputs[0]


@pytest.mark.parametrize("reader", [CoNLLU, Column, SlashTagged, PennBrackets, GeniaXML, TokenisedText])
def test_no_reader_gives_labels_that_were_not_asked_for(reader):
    text = {CoNLLU: CONLLU, PennBrackets: PENN, GeniaXML: GENIA, Column: "a DT\nb NN\n"}.get(reader, "a/DT b/NN")
    assert reader().read(file(text), labelled=False).labels is None


BAD = [
    (CoNLLU, "", "no sentences in it"),
    (CoNLLU, "1\tthe\n", "line 1: 2 columns where CoNLL-U has 10"),
    (Column, b"\x00\x01\x02", "binary file"),
    (Column, "caf\u00e9 NN\n".encode("latin-1"), "line 1: not utf-8 text"),
    (SlashTagged, "the/DT cell\n", "line 1: 'cell' is not word/TAG"),
    (SlashTagged, "a/B " * 300_000, "line 1: a line of 1,200,000 characters"),
    (PennBrackets, "( (S (DT a) )", "mend the brackets"),
    (PennBrackets, "(S (DT a)) )", "mend the brackets"),
    (GeniaXML, "<Annotation><sentence>", "not well-formed XML"),
    (Table, "a,b\n1,2\n", "no column 'text'"),
    (TokenisedText, "\n\n", "no sentences in it"),
]


@pytest.mark.parametrize(("reader", "content", "message"), BAD)
def test_bad_input_is_one_clear_line(reader, content, message):
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        reader().read(file(content, "bad.csv" if reader is Table else "bad.txt"))
    assert "\n" not in str(caught.value)
    assert "bad." in str(caught.value)


@pytest.mark.real
@pytest.mark.slow
def test_the_real_treebanks_hold_what_their_cards_say(real_data, wb, monkeypatch):
    monkeypatch.setenv("WB_DATA", str(real_data))
    code, out, _ = wb("data", "verify", "wsj", "medline", "amazon-reviews", "--counts")
    assert code == 0, out
