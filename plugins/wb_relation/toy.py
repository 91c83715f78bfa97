"""Small relational worlds with a known right analogy: lectures and meetings.

Some people guide others: a teacher the students of her course, a manager the staff of his project. The two domains
have the same structure under other names, noise, and facts that mean nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from wb_relation.facts import Link, build


@dataclass(frozen=True)
class Words:
    """What the roles and relations of a world are called."""

    guide: str
    learner: str
    course: str
    leads: str
    takes: str
    grade: str
    grades: tuple[str, ...]
    seat: str
    place: str
    query: str


LECTURE = Words(
    "teacher", "student", "course", "teaches", "attends", "mark", ("a", "b", "c"), "lives_in", "hall", "explains_to"
)
MEETING = Words(
    "manager", "staff", "project", "leads", "works_on", "rating", ("good", "fair", "poor"), "sits_in", "room", "briefs"
)

Facts = dict[str, list[list[str]]]


def world(words: Words, generator: np.random.Generator, guides: int = 4, learners: int = 9) -> Facts:
    """The facts of one mega-example, the query's included.

    A guide has one or two courses, a learner takes one to three; nine in ten pairs that share a course hold, and
    one other pair in fifty. One fact in twelve of the evidence is missing.
    """
    teachers = [f"{words.guide}{i}" for i in range(guides)]
    students = [f"{words.learner}{i}" for i in range(learners)]
    courses = [f"{words.course}{i}" for i in range(guides + 1)]
    places = [f"{words.place}{i}" for i in range(3)]
    facts: Facts = {
        words.guide: [[t] for t in teachers],
        words.learner: [[s] for s in students],
        words.leads: [[t, c] for t in teachers for c in generator.permutation(courses)[: generator.integers(1, 3)]],
        words.takes: [[s, c] for s in students for c in generator.permutation(courses)[: generator.integers(1, 4)]],
        words.grade: [[s, str(generator.choice(words.grades))] for s in students],
        words.seat: [[p, str(generator.choice(places))] for p in [*teachers, *students]],
    }
    shared = {(t, s) for t, c in map(tuple, facts[words.leads]) for s, d in map(tuple, facts[words.takes]) if c == d}
    everyone = [*teachers, *students]
    holds = []
    for t in everyone:
        for s in everyone:
            if t != s and generator.random() < (0.9 if (t, s) in shared else 0.02 if t in teachers else 0.0):
                holds.append([t, s])
    kept = {name: [row for row in rows if generator.random() > 1 / 12] for name, rows in facts.items()}
    return {**kept, words.query: holds}


def domain(name: str, words: Words, seed: int, worlds: int = 3) -> tuple[list[Link], list[str], str]:
    """Links and labels of several worlds, as a reader gives them."""
    generator = np.random.default_rng(seed)
    folds: list[Any] = [world(words, generator) for _ in range(worlds)]
    return build(name, folds, [{}] * worlds, words.query)
