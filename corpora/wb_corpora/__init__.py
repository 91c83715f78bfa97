"""The data sets: one card each, the embedded samples written for this project, and generated shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import CorpusEntry
    from workbench.plugins.registry import Registrar


NEWSGROUPS = tuple(
    f"{task}-{side}"
    for task in ("comp-rec", "comp-sci", "comp-talk", "rec-sci", "rec-talk", "sci-talk")
    for side in ("source", "target")
)

MANUAL = (
    ("20newsgroups", NEWSGROUPS, "newsgroup posts, subcategories of two topics"),
    ("coil20", ("coil1", "coil2"), "20 objects from two sets of directions"),
    ("domainnet", ("clipart", "infograph", "painting", "quickdraw", "real", "sketch"), "345 classes in six styles"),
    ("mnist-full", (), "handwritten digits, 28 × 28, all 70,000"),
    ("mnist-m", (), "MNIST's digits on photographs, in colour"),
    ("office-caltech-decaf6", ("amazon", "caltech", "dslr", "webcam"), "objects of ten classes, deep features"),
    ("office-home", ("art", "clipart", "product", "real-world"), "everyday objects in four styles"),
    ("office31", ("amazon", "dslr", "webcam"), "office objects, photographs"),
    ("pacs", ("art_painting", "cartoon", "photo", "sketch"), "seven classes in four styles"),
    ("svhn", (), "house numbers in photographs"),
    ("usps-full", (), "handwritten digits, 16 × 16, all 9,298"),
    ("visda2017", ("renderings", "photographs"), "twelve classes, rendered and photographed"),
)
"""Data sets of which no copy is bundled: the cards say where to get them."""


RELATIONAL = (
    ("cora", "citations: which name the same venue"),
    ("imdb", "films: who worked under whom"),
    ("lecture", "lectures: who explains to whom"),
    ("meeting", "meetings: who briefs whom"),
    ("uwcse", "a computer science department: who is advised by whom"),
    ("webkb", "universities: who teaches which course"),
)


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
        "amazon-features",
        "wb_corpora:cards/amazon-features.toml",
        task="classification",
        domains=("books", "dvd", "electronics", "kitchen"),
        short=False,
        summary="the same reviews as bags of 400 words",
    )
    register(
        "office-caltech-surf",
        "wb_corpora:cards/office-caltech-surf.toml",
        task="classification",
        domains=("amazon", "caltech", "dslr", "webcam"),
        summary="objects of ten classes, SURF histograms",
    )
    register(
        "mnist-usps",
        "wb_corpora:cards/mnist-usps.toml",
        task="classification",
        domains=("mnist", "usps"),
        summary="handwritten digits, 16 × 16, the JDA paper's subsets",
    )
    _register_relations(register)
    for name, domains, summary in MANUAL:
        register(
            name,
            f"wb_corpora:cards/{name}.toml",
            task="classification",
            domains=domains,
            short=False,
            summary=summary,
        )
    register(
        "shift",
        "wb_corpora.shifts:Shift",
        task="classification",
        domains=tuple(
            f"{kind}-{side}"
            for kind in ("covariate", "target", "conditional", "subspace", "regression")
            for side in ("source", "target")
        ),
        tasks={"regression-source": "regression", "regression-target": "regression"},
        generated=True,
        summary="generated shifts of feature vectors, for teaching",
    )


def _register_relations(register: Registrar[CorpusEntry]) -> None:
    """Relational domains, and reviews whose words stand in relations."""
    register(
        "product-reviews",
        "wb_corpora:cards/product-reviews.toml",
        task="aspects",
        domains=("audio", "camera", "dvd-player", "phone", "router"),
        summary="reviews with annotated aspects of the product",
    )
    register(
        "product-opinions",
        "wb_corpora:cards/product-opinions.toml",
        task="opinions",
        domains=("audio", "camera", "dvd-player", "phone", "router"),
        short=False,
        summary="the same reviews, with a lexicon of opinion words",
    )
    for name, summary in RELATIONAL:
        register(name, f"wb_corpora:cards/{name}.toml", task="relations", summary=summary)
