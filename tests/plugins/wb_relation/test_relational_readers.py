"""The same facts in every format; bad files end in one clear line."""

import json

import pytest

from wb_relation.readers import Atoms, Edges, RelationalJson
from workbench.data import archives
from workbench.errors import DataError, UsageError

FACTS = {"teaches": [["t1", "c1"], ["t2", "c2"]], "takes": [["s1", "c1"], ["s2", "c2"]], "helps": [["t1", "s1"]]}
EXPECTED = {("t1", "s1"): "true", ("t1", "s2"): "false", ("t2", "s1"): "false", ("t2", "s2"): "false"}


def read(reader, *paths, **options):
    return reader(reader.Params(query="helps", **options)).read([archives.plain(path) for path in paths])


def labelled(examples):
    return {link.names: label for link, label in zip(examples.inputs, examples.labels, strict=True)}


def as_atoms():
    return "".join(f"{p}({', '.join(row)}).\n" for p, rows in FACTS.items() for row in rows)


def test_json(tmp_path):
    path = tmp_path / "school.json"
    path.write_text(json.dumps([[FACTS], [{}]]))
    examples = read(RelationalJson, path)
    assert labelled(examples) == EXPECTED
    assert "closed world" in examples.notices[0]
    unlabelled = RelationalJson(RelationalJson.Params(query="helps")).read([archives.plain(path)], labelled=False)
    assert unlabelled.labels is None
    assert [link.names for link in unlabelled.inputs] == [link.names for link in examples.inputs]
    assert "helps" not in unlabelled.inputs[0].world.facts


def test_listed_negatives_are_the_candidates(tmp_path):
    path = tmp_path / "school.json"
    path.write_text(json.dumps([[FACTS], [{"helps": [["t2", "s1"]]}]]))
    examples = RelationalJson().read([archives.plain(path)])
    assert labelled(examples) == {("t1", "s1"): "true", ("t2", "s1"): "false"}
    assert "listed in the data" in examples.notices[0]


def test_atoms_in_one_file(tmp_path):
    path = tmp_path / "school.db"
    path.write_text("// a comment\n\n" + as_atoms().replace(").", ")"))
    assert labelled(read(Atoms, path)) == EXPECTED


def test_atoms_in_the_layout_of_boostsrl(tmp_path):
    lines = as_atoms().split("\n")
    (tmp_path / "facts.pl").write_text("\n".join(line for line in lines if "helps" not in line))
    (tmp_path / "pos.pl").write_text("helps(t1,s1).\n")
    (tmp_path / "neg.pl").write_text("helps(t1,s2).\nhelps(t2,s1).\nhelps(t2,s2).\n")
    (tmp_path / "bk.pl").write_text("mode: teaches(+t,-c).\n")
    assert labelled(read(Atoms, *sorted(tmp_path.iterdir()))) == EXPECTED


def test_alchemy_negation(tmp_path):
    path = tmp_path / "school.db"
    path.write_text(as_atoms() + "!helps(t2, s1)\n")
    assert labelled(read(Atoms, path)) == {("t1", "s1"): "true", ("t2", "s1"): "false"}


def test_of_an_alchemy_program_only_the_ground_facts_are_read(tmp_path):
    path = tmp_path / "school.mln"
    program = (
        "helps(teacher, student)\nperson = {T1, S1}\n1.5 teaches(t, c) ^ takes(s, c) => helps(t, s)\nteaches(x, y).\n"
    )
    path.write_text(
        program + as_atoms().replace("(t", "(T").replace("(s", "(S").replace(", s", ", S").replace(", c", ", C")
    )
    found = labelled(read(Atoms, path))
    assert {pair for pair, said in found.items() if said == "true"} == {("T1", "S1")}


def test_edges(tmp_path):
    path = tmp_path / "school.csv"
    rows = "".join(f"{p},{a},{b}\n" for p, found in FACTS.items() for a, b in found)
    path.write_text("relation,first,second\n" + rows)
    assert labelled(read(Edges, path)) == EXPECTED


def test_rdf(tmp_path):
    pytest.importorskip("rdflib", reason="rdflib is not installed")
    from wb_relation.readers import Rdf

    path = tmp_path / "school.nt"
    base = "http://example.org/"
    path.write_text("".join(f"<{base}{a}> <{base}{p}> <{base}{b}> .\n" for p, f in FACTS.items() for a, b in f))
    assert labelled(read(Rdf, path)) == EXPECTED


@pytest.mark.parametrize(
    ("content", "query", "message"),
    [
        ("[[],[]]", "helps", "empty"),
        ("[1, 2]", "helps", "not relational JSON"),
        (json.dumps([[FACTS], [{}]]), "advises", "no predicate 'advises' to predict; there are: helps, takes, teaches"),
        (json.dumps([[{**FACTS, "takes": [["a"], ["a", "b"]]}], [{}]]), "helps", "'takes' has 1 arguments in one fact"),
        (json.dumps([[{"old": [["a"]], "helps": [["a", "b"]]}], [{}]]), "old", "must relate two constants"),
        (json.dumps([[FACTS, {"helps": [["a", "b"]]}], [{}, {}]]), "helps", "mega-example 2 holds no evidence"),
    ],
)
def test_bad_content_is_named(tmp_path, content, query, message):
    path = tmp_path / "school.json"
    path.write_text(content)
    with pytest.raises((DataError, UsageError), match=message.replace("(", r"\(")):
        RelationalJson(RelationalJson.Params(query=query)).read([archives.plain(path)])


def test_a_line_that_is_no_fact_is_named(tmp_path):
    path = tmp_path / "school.db"
    path.write_text("teaches(t1, c1).\nwhat is this\n")
    with pytest.raises(DataError, match=r"school.db, line 2: not a fact like p\(a, b\)"):
        read(Atoms, path)
