"""Files of relational facts: JSON, atoms (BoostSRL, srlearn, Alchemy), edge tables, RDF."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import Field

from wb_relation.facts import build
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError, UsageError
from workbench.plugins.entries import missing_extra
from workbench.settings import Settings

RawFacts = dict[str, list[list[str]]]
Fold = tuple[RawFacts, RawFacts]
"""The facts and the listed negatives of one mega-example."""


class RelationalParams(Settings):
    """What is to be predicted."""

    query: str = Field("", description="The predicate to predict; needed where a file holds several.")


class RelationalReader(Reader):
    """A reader of facts; subclasses say what the mega-examples of some files are."""

    class Params(RelationalParams):
        """What is to be predicted."""

    def folds(self, files: Sequence[SourceFile]) -> list[Fold]:
        raise NotImplementedError

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        name = files[0].name
        folds = self.folds(files)
        facts, negatives = [f for f, _ in folds], [n for _, n in folds]
        query = self.params.query or _only_query(name, facts, negatives)
        links, labels, notice = build(name.rpartition("/")[2].partition(".")[0], facts, negatives, query)
        return Examples(links, labels if labelled else None, (notice,))


def _only_query(name: str, facts: Sequence[RawFacts], negatives: Sequence[RawFacts]) -> str:
    """The predicate with listed negatives, where exactly one binary one has them."""
    listed = sorted({p for fold in negatives for p, rows in fold.items() if rows and len(rows[0]) == 2})
    if len(listed) == 1:
        return listed[0]
    known = ", ".join(sorted({p for fold in facts for p in fold}))
    if not known:
        raise DataError(f"{name}: no facts; a fact looks like p(a, b).")
    raise UsageError(f"{name}: say which predicate is to be predicted, e.g. {name}?query=NAME (there are: {known})")


class RelationalJson(RelationalReader):
    """``[[facts of each mega-example], [negatives of each]]``, facts as ``{"predicate": [["a", "b"], …]}``."""

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        return re.match(rb"\s*\[\s*\[\s*\{", head) is not None

    def folds(self, files: Sequence[SourceFile]) -> list[Fold]:
        folds: list[Fold] = []
        for file in files:
            try:
                value = json.loads(file.read_text())
                facts, negatives = value
                pairs = list(zip(facts, negatives, strict=True))
                folds += [(_checked(a), _checked(b)) for a, b in pairs]
            except (ValueError, TypeError, AttributeError) as error:
                raise DataError(
                    f"{file.name}: not relational JSON ({error}); it must be [[facts …], [negatives …]], one object "
                    "of predicates for each mega-example in both lists"
                ) from None
        return folds


def _checked(facts: Any) -> RawFacts:
    return {str(p).lower(): [[str(c) for c in row] for row in rows] for p, rows in facts.items()}


_GROUND = re.compile(r"""!?\s*[\w-]+\(\s*["'A-Z0-9][^,()]*(,\s*["'A-Z0-9][^,()]*)*\)\s*\.?$""")
"""In an Alchemy .mln file constants begin with a capital; types, declarations and weighted formulas are no facts."""
_ATOM = re.compile(r"(!?)\s*([\w$-]+)\s*\(([^()]*)\)\s*\.?\s*(?:(?://|%).*)?$")
_SKIP = re.compile(r"\s*($|//|%|#|mode:|useStdLogic|setParam|import |okIf|usePrologVariables)")


class Atoms(RelationalReader):
    """One fact a line, ``advisedby(anna, bert).``, with or without the full stop.

    Files in one folder are one mega-example; single files are one each. A fact is a negative one when ``!`` stands
    before it, or when its file is called ``neg…`` (the layout of BoostSRL and srlearn: pos, neg, facts, bk).
    """

    def folds(self, files: Sequence[SourceFile]) -> list[Fold]:
        layout = any(_role(file) in ("pos", "neg") for file in files)
        groups: dict[str, Fold] = {}
        for file in files:
            if _role(file) == "bk":
                continue
            path = file.path
            key = str(path.parent if path is not None else file.name.rpartition("/")[0]) if layout else file.name
            facts, negatives = groups.setdefault(key, ({}, {}))
            for number, line in enumerate(file.read_text().split("\n"), 1):
                if _SKIP.match(line) or (file.name.lower().endswith(".mln") and not _GROUND.match(line.strip())):
                    continue
                atom = _ATOM.match(line.strip())
                if atom is None:
                    raise DataError(f"{file.name}, line {number}: not a fact like p(a, b). but '{line.strip()[:60]}'")
                sign, predicate, body = atom.groups()
                into = negatives if sign or _role(file) == "neg" else facts
                into.setdefault(predicate.lower(), []).append([c.strip().strip("\"'") for c in body.split(",")])
        return list(groups.values())


def _role(file: SourceFile) -> str:
    stem = file.name.replace("\\", "/").rpartition("/")[2].lower()
    return next((role for role in ("pos", "neg", "bk") if re.match(rf"(train_|test_)?{role}", stem)), "")


class Edges(RelationalReader):
    """A CSV or TSV table with the columns relation, first, second and, for several mega-examples, world.

    A row without ``second`` is a fact about one thing.
    """

    def folds(self, files: Sequence[SourceFile]) -> list[Fold]:
        worlds: dict[str, RawFacts] = {}
        for file in files:
            text = file.read_text()
            delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
            rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
            missing = {"relation", "first", "second"} - set(rows.fieldnames or ())
            if missing:
                raise DataError(f"{file.name}, line 1: no column {', '.join(sorted(missing))} in the header")
            for number, row in enumerate(rows, 2):
                if not row["relation"] or not row["first"]:
                    raise DataError(f"{file.name}, line {number}: relation and first must not be empty")
                into = worlds.setdefault(row.get("world") or file.name, {})
                names = [row["first"], row["second"]] if row["second"] else [row["first"]]
                into.setdefault(row["relation"].lower(), []).append(names)
        return [(facts, {}) for facts in worlds.values()]


class Rdf(RelationalReader):
    """RDF graphs, one mega-example a file; ``rdf:type`` becomes a fact about one thing."""

    def folds(self, files: Sequence[SourceFile]) -> list[Fold]:
        try:
            import rdflib
        except ImportError:
            raise missing_extra("reading RDF", "rdflib", "relations") from None
        folds: list[Fold] = []
        for file in files:
            graph = rdflib.Graph()
            try:
                graph.parse(data=file.read_text(), format="turtle")
            except Exception as error:
                raise DataError(f"{file.name}: not RDF ({' '.join(str(error).split())[:120]})") from None
            folds.append((_triples(graph, str(rdflib.RDF.type)), {}))
        return folds


def _triples(graph: Iterable[Any], type_of: str) -> RawFacts:
    facts: RawFacts = {}
    for subject, predicate, value in graph:
        if str(predicate) == type_of:
            facts.setdefault(_local(value).lower(), []).append([_local(subject)])
        else:
            facts.setdefault(_local(predicate).lower(), []).append([_local(subject), _local(value)])
    return facts


def _local(term: Any) -> str:
    return re.split(r"[#/]", str(term).rstrip("/#"))[-1]
