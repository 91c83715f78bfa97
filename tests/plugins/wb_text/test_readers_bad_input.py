"""Bad files: one clear line that says which file, which line, what to do; never a hang or a silent loss."""

from __future__ import annotations

import time

import pytest

from wb_text.readers.column import Column
from wb_text.readers.conllu import CoNLLU
from wb_text.readers.genia import GeniaXML
from wb_text.readers.penn import PennBrackets
from wb_text.readers.plain import PlainText, TokenisedText
from wb_text.readers.slash_tagged import SlashTagged
from workbench.data.readers import Reader, SourceFile
from workbench.errors import DataError

BY_LINE: list[type[Reader]] = [CoNLLU, Column, SlashTagged, PlainText, TokenisedText]
AS_TEXT: list[type[Reader]] = [*BY_LINE, PennBrackets]
ALL: list[type[Reader]] = [*AS_TEXT, GeniaXML]
MEGABYTE = 1_000_000


def complaint(reader: type[Reader], data: str | bytes) -> str:
    """The one line with which the reader refuses a file called ``bad``."""
    content = data if isinstance(data, bytes) else data.encode()
    with pytest.raises(DataError) as caught:
        reader().read([SourceFile("bad", lambda: content)])
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith("bad")
    assert len(line) < 300
    return line


@pytest.mark.parametrize("reader", ALL)
@pytest.mark.parametrize("content", ["", "\n\n \n"])
def test_an_empty_file(reader, content):
    assert "no sentences" in (line := complaint(reader, content)) or "XML" in line


@pytest.mark.parametrize("reader", AS_TEXT)
def test_a_binary_file(reader):
    assert "binary file" in complaint(reader, b"\x89PNG\r\n\0\0\0\rIHDR")


def test_a_binary_file_is_no_xml():
    assert "not well-formed XML" in complaint(GeniaXML, b"\x89PNG\r\n\0\0\0\rIHDR")


@pytest.mark.parametrize("reader", AS_TEXT)
def test_a_wrong_encoding_names_the_line_and_the_way_out(reader):
    assert complaint(reader, "\ncafé".encode("latin-1")).startswith("bad, line 2: not utf-8 text (byte 0xe9); convert")


@pytest.mark.parametrize("reader", [Column, SlashTagged])
def test_the_encoding_setting_is_that_way_out(reader):
    data = "café NN" if reader is Column else "café/NN"
    found = reader(reader.Params(encoding="latin-1")).read([SourceFile("x", lambda: data.encode("latin-1"))])
    assert found.inputs == [["café"]]


@pytest.mark.parametrize("reader", BY_LINE)
@pytest.mark.parametrize("line", ["x" * MEGABYTE, "!" * MEGABYTE, "a/NN " * (MEGABYTE // 5), "(" * MEGABYTE])
def test_a_line_of_a_megabyte_is_refused_at_once(reader, line):
    start = time.process_time()
    assert complaint(reader, "\n" + line).startswith("bad, line 2: a line of 1,000,000 characters")
    assert time.process_time() - start < 2


@pytest.mark.parametrize("junk", ["x" * MEGABYTE, "(" * MEGABYTE, "(x" + " " * MEGABYTE, ")" * MEGABYTE])
def test_a_megabyte_that_is_no_tree_is_refused_at_once(junk):
    start = time.process_time()
    complaint(PennBrackets, junk)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("word", ["!", "(", ")", ".", '"', "'", "a.", "``", "()"])
def test_the_longest_line_that_is_read_takes_no_time(word):
    start = time.process_time()
    PlainText().read([SourceFile("x", lambda: (word * (199_000 // len(word))).encode())])
    assert time.process_time() - start < 3


def test_a_missing_column_of_conllu():
    line = complaint(CoNLLU, "# a comment\n1\tof\tIN\n")
    assert line.startswith("bad, line 2: 3 columns where CoNLL-U has 10")
    assert "column:" in line


def test_an_empty_word_of_conllu():
    assert complaint(CoNLLU, "1\t\t_\tADP\tIN\t_\t_\t_\t_\t_\n").startswith("bad, line 1: an empty word")


def test_a_missing_column():
    assert complaint(Column, "of IN\nthe\n") == (
        "bad, line 2: column 1 for the tag is missing, the line has 1, and other words of the sentence have one; "
        "fill it in, or choose columns with 'column:PATH?word=0&tag=1'"
    )


def test_an_empty_column():
    content = "of\t\nthe\tDT\n"
    with pytest.raises(DataError, match="line 1: column 1 for the tag is empty"):
        Column(Column.Params(separator="tab")).read([SourceFile("bad", content.encode)])


@pytest.mark.parametrize("token", ["the", "/DT", "the/"])
def test_a_token_that_is_no_word_slash_tag(token):
    line = complaint(SlashTagged, f"of/IN\n\nin/IN {token}\n")
    assert line.startswith(f"bad, line 3: '{token}' is not word/TAG")
    assert "tokenised-text:" in line


def test_malformed_xml_names_its_line():
    assert "line 2" in complaint(GeniaXML, "<A>\n<sentence></A>")


def test_xml_without_sentences():
    assert "no sentences" in complaint(GeniaXML, "<A/>")


def test_a_genia_token_without_a_tag():
    assert "'x' has no tag" in complaint(GeniaXML, "<A><sentence><tok>x</tok><tok cat='NN'>y</tok></sentence></A>")


def test_xml_entities_are_refused():
    bomb = '<!DOCTYPE A [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><A>&b;</A>'
    assert "defines XML entities" in complaint(GeniaXML, bomb)


@pytest.mark.parametrize(
    ("trees", "where"),
    [
        ("(S (NN a))\n(S (NN b)\n(S (NN c))\n", "line 2: the tree that begins here is never closed"),
        ("(S (NN a)))\n", "line 1: a closing bracket that nothing opened"),
        ("(S (NN a))\n(S (NN b c))\n", "line 2: 'b' stands outside a (TAG word) pair"),
        ("Plain text.\n", "line 1: 'Plain' stands outside a (TAG word) pair"),
    ],
)
def test_brackets_that_do_not_fit_together(trees, where):
    assert where in complaint(PennBrackets, trees)


EMPTY_BETWEEN = [
    (CoNLLU, "# only a comment\n\n1\ta\t_\tDET\tDT\t_\t_\t_\t_\t_\n"),
    (PennBrackets, "(S (-NONE- *))\n(DT a)"),
    (GeniaXML, "<A><sentence/><sentence><tok cat='DT'>a</tok></sentence></A>"),
]


@pytest.mark.parametrize(("reader", "content"), EMPTY_BETWEEN)
def test_a_sentence_without_tokens_is_skipped_and_counted(reader, content):
    found = reader().read([SourceFile("bad", content.encode)])
    assert found.inputs == [["a"]]
    assert found.labels == [["DT"]]
    assert found.notices == ("bad: 1 sentences without tokens were skipped",)


@pytest.mark.parametrize(("reader", "content"), [(CoNLLU, "# one\n\n# two\n"), (PennBrackets, "(S (-NONE- *))")])
def test_nothing_but_empty_sentences_is_an_error(reader, content):
    assert "no sentences" in complaint(reader, content)
