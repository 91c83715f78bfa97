"""Transfer by analogy, and the four things it must be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from wb_relation.analogies import Ranked, blend, legal, rank, without_labels
from wb_relation.clauses import Clause, Grounding, Vocabulary
from wb_relation.facts import Link, Schema, schema_of
from wb_relation.learning import MOST, Rules, select
from wb_relation.model import LinkModel
from wb_relation.refit import LONGEST, base_rate, refit, trust
from workbench.data.domains import Domain, Problem
from workbench.methods.contract import Method, Model
from workbench.progress import Progress
from workbench.settings import Settings


def truth_of(domain: Domain) -> np.ndarray:
    """1 for a link that holds, 0 for one that does not, float64 of shape (n,)."""
    return (np.asarray(domain.labels) == domain.classes.index("true")).astype(np.float64)


def shots_of(problem: Problem) -> tuple[list[Link], np.ndarray]:
    """The labelled target links and their truth; empty where there are none."""
    if problem.shots is None:
        return [], np.zeros(0)
    return list(problem.shots.inputs), truth_of(problem.shots)


@dataclass(frozen=True, eq=False)
class Known:
    """What a transfer goes by: all links of both domains, and the few labelled ones of the target."""

    source: list[Link]
    target: list[Link]
    shots: list[Link]
    truth: np.ndarray
    seed: int

    @classmethod
    def of(cls, problem: Problem) -> Known:
        return cls(list(problem.source.inputs), list(problem.target.inputs), *shots_of(problem), problem.seed)


class TargetOnly(Method):
    """Ridge logistic regression over every candidate clause, from the labelled target links alone.

    The strong baseline: nothing of the source is used. Candidates are all type-consistent paths of at most two
    relations with at most one condition on each end; their weights have prior N(0, 1/10). As the baseline of a
    run without labelled links it gives every link the source's base rate.

    Differs from the paper
    ----------------------
    Nothing: there is none. Published comparisons learn rules from scratch, which ``target-rules`` does and which
    this beats.
    """

    model: ClassVar[type[Model]] = LinkModel
    needs_shots: ClassVar[bool] = True

    def fit(self, problem: Problem, progress: Progress) -> LinkModel:
        shots, truth = shots_of(problem)
        schema = schema_of(problem.target.inputs)
        if not shots:
            return LinkModel(schema, problem.classes, {}, base_rate(truth_of(problem.source)))
        corrections, intercept = refit(shots, truth, {})
        return LinkModel(schema, problem.classes, {}, intercept, corrections)


class TargetRules(Method):
    """A few rules learnt from the labelled target links alone, by the same search as in the source.

    Differs from the paper
    ----------------------
    There is none of its own; it takes the place of the learners from scratch in published comparisons (structure
    learning of Markov logic networks, boosted relational trees). Here clauses are forward-selected by score tests;
    they have paths of two relations at most and one condition on each end.
    """

    model: ClassVar[type[Model]] = LinkModel
    needs_shots: ClassVar[bool] = True

    class Params(Settings):
        """How many rules."""

        rules: int = Field(MOST, ge=1, le=100, description="Clauses chosen at most.")

    def fit(self, problem: Problem, progress: Progress) -> LinkModel:
        shots, truth = shots_of(problem)
        schema = schema_of(problem.target.inputs)
        if not shots:
            return LinkModel(schema, problem.classes, {}, base_rate(truth_of(problem.source)))
        vocabulary = Vocabulary.of(schema, LONGEST)
        rules = select(vocabulary, Grounding(shots).table(vocabulary), truth, self.params.rules)
        return LinkModel(schema, problem.classes, _weights(rules), rules.intercept)


class RelationTransfer(Method):
    """Rules learnt in one relational domain, carried to another by analogy.

    Weighted Horn clauses are learnt in the source. Every type-consistent mapping of their predicates to the
    target's is scored by the few labelled target links and by structural similarity; the best eight are averaged.
    Their clauses, discounted, are the starting point of one convex refit with all candidate clauses of the target.

    Differs from the paper
    ----------------------
    TAMAR learns, maps and revises a whole Markov logic network; here the clauses are of one query predicate, with a
    path of few relations and at most one condition on each end, so that the network is a logistic regression and
    inference exact. TAMAR maps each clause by itself to its single best counterpart and revises the mapped clauses
    one by one. Here one mapping holds for all clauses, structural similarity counts beside the labelled links, the
    best eight mappings are averaged and all candidate clauses corrected at once by ridge regression; labels are
    credited half to the transferred rules (see ``refit.CREDIT``). The discount is chosen by how alike the domains
    are and by a bound on the transferred rules' precision that needs the true shots and unlabelled links only;
    ``--discount`` sets it by hand, 0 is the target-only baseline.

    References
    ----------
    Mihalkova, Huynh & Mooney (AAAI 2007), Mapping and revising Markov logic networks for transfer learning.
    Mihalkova & Mooney (IJCAI 2009), transfer from minimal target data; Davis & Domingos (ICML 2009).
    """

    model: ClassVar[type[Model]] = LinkModel

    class Params(Settings):
        """Settings of the source rules and of the transfer."""

        discount: float | None = Field(
            None,
            ge=0,
            le=1,
            description="What the source's weights count in the target: 0 nothing, 1 in full; chosen if not given.",
        )
        rules: int = Field(MOST, ge=1, le=100, description="Clauses learnt in the source at most.")
        longest_path: int = Field(3, ge=1, le=4, description="Relations in a source clause's path at most.")

    def fit(self, problem: Problem, progress: Progress) -> LinkModel:
        known = Known.of(problem)
        progress.update(0.0, "rules of the source")
        rules = self._source_rules(known.source, truth_of(problem.source))
        progress.update(0.4, "analogies")
        ranked = self._analogies(rules, known)
        progress.update(0.8, "refit in the target")
        weights = blend(ranked, rules)
        discount, reasons = self._discount(ranked, rules, known)
        scaled = {clause: discount * weight for clause, weight in weights.items() if discount}
        schema = schema_of(known.target)
        inside = _inside(rules, ranked, schema_of(known.source), discount)
        if known.shots and self.corrected:
            corrections, intercept = refit(known.shots, known.truth, scaled)
            model = LinkModel(schema, problem.classes, scaled, intercept, corrections, inside)
        else:
            model = LinkModel(schema, problem.classes, scaled, rules.intercept, None, inside)
        model.notes = {
            "rules": len(rules.clauses),
            "analogies": len(ranked),
            "best_analogy": _in_words(ranked[0]) if ranked else "none",
            "discount": round(discount, 4),
            **reasons,
        }
        if not weights:
            model.warnings = ("no source rule has a counterpart in the target: nothing is transferred",)
        return model

    corrected: ClassVar[bool] = True
    """Whether the labelled target links correct the mapped rules."""

    def _source_rules(self, links: list[Link], truth: np.ndarray) -> Rules:
        vocabulary = Vocabulary.of(schema_of(links), self.params.longest_path)
        return select(vocabulary, Grounding(links).table(vocabulary), truth, self.params.rules)

    def _analogies(self, rules: Rules, known: Known) -> list[Ranked]:
        analogies = legal(rules, known.source, known.target)
        return rank(analogies, rules, known.source, known.target, known.shots, known.truth)

    def _discount(self, ranked: list[Ranked], rules: Rules, known: Known) -> tuple[float, dict[str, float]]:
        """What the transferred weights count, and what that rests on where it was chosen here.

        √structure · min(1, 3 · precision bound), both of the analogies that structure alone prefers: labels that
        chose an analogy cannot testify for it again.
        """
        if self.params.discount is not None:
            return self.params.discount, {}
        free = without_labels(ranked)
        weights = blend(free, rules)
        if not known.shots or not weights:
            return 1.0, {}
        values = np.array(list(weights.values()))
        everywhere, labelled = (Grounding(links).clauses(weights) @ values for links in (known.target, known.shots))
        bound = trust(everywhere, labelled, known.truth)
        structure = max(0.0, sum(r.share * r.structure for r in free))
        reasons = {"structure": round(structure, 4), "precision_bound": round(bound, 4)}
        return float(np.sqrt(structure)) * min(1.0, 3.0 * bound), reasons


class RandomAnalogy(RelationTransfer):
    """A legal analogy drawn at random, with the same refit: what the choice of the analogy is worth.

    The discount is that of ``relation`` for the drawn analogy.

    Differs from the paper
    ----------------------
    Nothing: a control, of which no paper is known.
    """

    def _analogies(self, rules: Rules, known: Known) -> list[Ranked]:
        analogies = legal(rules, known.source, known.target)
        analogies = [a for a in analogies if any(part is not None for part in a.parts.values())]
        if not analogies:
            return []
        drawn = analogies[int(np.random.default_rng(known.seed).integers(len(analogies)))]
        return rank([drawn], rules, known.source, known.target, known.shots, known.truth)


class MappedRules(RelationTransfer):
    """The source's rules by the structurally best analogies, with no look at target labels: what structure gives.

    Differs from the paper
    ----------------------
    TAMAR scores mappings on labelled target data; here by structure alone, and nothing is revised afterwards.

    References
    ----------
    Mihalkova, Huynh & Mooney (AAAI 2007), Mapping and revising Markov logic networks for transfer learning.
    """

    corrected = False

    def _analogies(self, rules: Rules, known: Known) -> list[Ranked]:
        analogies = legal(rules, known.source, known.target)
        return rank(analogies, rules, known.source, known.target, [], np.zeros(0))

    def _discount(self, ranked: list[Ranked], rules: Rules, known: Known) -> tuple[float, dict[str, float]]:
        return (1.0 if self.params.discount is None else self.params.discount), {}


def _weights(rules: Rules) -> dict[Clause, float]:
    return dict(zip(rules.clauses, rules.weights.tolist(), strict=True))


def _in_words(ranked: Ranked) -> str:
    parts = ranked.analogy.parts.items()
    return ", ".join(f"{p} : {part.predicate if part else '–'}" for p, part in parts)


def _inside(rules: Rules, ranked: list[Ranked], schema: Schema, discount: float) -> dict[str, Any]:
    """What ``wb relation`` shows: the source's rules and the ranked analogies."""
    return {
        "query": schema.query,
        "query_types": schema.query_types,
        "predicates": schema.predicates,
        "discount": discount,
        "rules": [[c.show(schema), w] for c, w in zip(rules.clauses, rules.weights.tolist(), strict=True)],
        "analogies": [r.as_json() for r in ranked[:50]],
    }
