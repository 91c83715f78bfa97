"""Every chosen check of a pair, each kept to itself, and what they found."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from workbench.data.checks import Check, Finding, NotApplicable
from workbench.data.pairs import Pair
from workbench.errors import UnknownName
from workbench.plugins.entries import CheckEntry
from workbench.plugins.isolation import isolated
from workbench.plugins.loading import Host

RANK = {"issue": 2, "note": 1}


@dataclass(frozen=True)
class Checked:
    """A check's name and title, what it found and how long it took."""

    name: str
    title: str
    finding: Finding
    seconds: float


@dataclass(frozen=True)
class Diagnosis:
    """What all checks found in a pair of domains."""

    source: str
    target: str
    examples: tuple[int, int]
    sampled: tuple[int, int]
    checks: tuple[Checked, ...]
    left_out: tuple[str, ...]
    """Codes of checks for which there was too little time."""
    failed: tuple[str, ...]
    """Names of checks that failed."""
    seconds: float

    def fails(self, status: str) -> bool:
        """Whether a finding is at least as bad as ``status``: issue or note."""
        return any(RANK.get(checked.finding.status, 0) >= RANK[status] for checked in self.checks)

    def as_json(self) -> str:
        content = asdict(self)
        content["checks"] = [
            {"name": c.name, "title": c.title, "seconds": round(c.seconds, 3), **asdict(c.finding)} for c in self.checks
        ]
        return json.dumps(content, indent=1, ensure_ascii=False)


def chosen(host: Host, only: Sequence[str], skip: Sequence[str]) -> list[CheckEntry]:
    """The checks of ``only``, or all, without those of ``skip``, by code or registered name, in order of codes.

    Raises :class:`UnknownName` for one that is not there; a check that cannot be imported keeps its place, so that it
    is told when it is made.
    """
    codes = {entry.name: _code(entry) for entry in host.checks}
    known = {code.upper() for code in codes.values()} | {name.upper() for name in codes}
    for code in (*only, *skip):
        if code not in known:
            raise UnknownName("check", code, sorted(known), f"checks: {', '.join(sorted(codes.values()))}")

    def named(entry: CheckEntry, given: Sequence[str]) -> bool:
        return entry.name.upper() in given or codes[entry.name].upper() in given

    kept = [e for e in host.checks if (not only or named(e, only)) and not named(e, skip)]
    return sorted(kept, key=lambda entry: codes[entry.name])


def _code(entry: CheckEntry) -> str:
    """The code of a check; its registered name where it has none or cannot be imported."""
    code = entry.name
    with isolated(entry, lambda line: None):
        code = getattr(entry.load(), "code", "") or entry.name
    return code


def diagnosed(
    pair: Pair, entries: Sequence[CheckEntry], tell: Callable[[str], None], began: float | None = None
) -> Diagnosis:
    """Make every check; one that fails is told and leaves the others alone.

    ``began`` is the ``time.perf_counter`` from which the seconds count, e.g. before the data were read.
    """
    start = time.perf_counter() if began is None else began
    checks: list[Checked] = []
    left_out, failed = [], []
    for entry in entries:
        made = len(checks)
        with isolated(entry, tell):
            kind: type[Check] = entry.load()
            if pair.fast and not kind.fast:
                left_out.append(kind.code)
                continue
            before = time.perf_counter()
            finding = finding_of(kind, pair)
            checks.append(Checked(entry.name, kind.title or entry.summary, finding, time.perf_counter() - before))
        if len(checks) == made:
            failed.append(entry.name)
    problem = pair.problem
    return Diagnosis(
        source="+".join(domain.name for domain in problem.sources),
        target=problem.target.name,
        examples=(sum(map(len, problem.sources)), len(problem.target)),
        sampled=(len(pair.source), len(pair.target)),
        checks=tuple(checks),
        left_out=tuple(left_out),
        failed=tuple(failed),
        seconds=time.perf_counter() - start,
    )


def finding_of(kind: type[Check], pair: Pair) -> Finding:
    """What a check finds; that it is not applicable where it says so."""
    try:
        return kind().check(pair)
    except NotApplicable as error:
        return Finding(kind.code, "not applicable", str(error))
