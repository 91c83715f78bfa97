"""The data sets: one card each, the embedded samples written for this project, and generated shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.registry import CorpusEntry, Registrar


@hookimpl
def wb_register_corpora(register: Registrar[CorpusEntry]) -> None:
    register("wsj", "wb_corpora:cards/wsj.toml", task="tagging", summary="newswire with Penn Treebank tags")
    register("medline", "wb_corpora:cards/medline.toml", task="tagging", summary="biomedical abstracts, GENIA")
    register(
        "amazon-reviews",
        "wb_corpora:cards/amazon-reviews.toml",
        task="classification",
        domains=("books", "dvd", "electronics", "kitchen"),
        summary="product reviews, positive or negative",
    )
    register(
        "shift",
        "wb_corpora.shifts:corpus",
        task="classification",
        domains=tuple(
            f"{kind}-{side}"
            for kind in ("covariate", "target", "conditional", "subspace")
            for side in ("source", "target")
        ),
        generated=True,
        summary="generated shifts of feature vectors, for teaching",
    )
