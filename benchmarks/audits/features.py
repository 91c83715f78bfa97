"""The pictures of PACS as feature files: a pretrained network's vectors, made once by the library's own featurizer.

Every fit would compute them anew, since each is fitted to another part of the pictures. 2,780 pictures take about three
minutes on one core.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from pairs import FEATURES, NETWORK, STYLES

from workbench.data.opening import open_corpus
from workbench.files import write_atomically
from workbench.methods.featurizers import new_featurizer
from workbench.plugins.loading import Host


def prepare(bank: Path, host: Host) -> None:
    """Write the feature files that are not there yet."""
    for style in STYLES:
        path = bank / FEATURES / f"{style}.npz"
        if not path.exists():
            _write(path, style, host)


def _write(path: Path, style: str, host: Host) -> None:
    corpus = open_corpus(f"pacs/{style}", host)
    domain = corpus.labelled(corpus.splits[0], host.tasks.get(corpus.task).load()())
    featurizer = new_featurizer(NETWORK, host)
    assert featurizer is not None
    stored = io.BytesIO()
    vectors = featurizer.fit(domain.inputs).transform(domain.inputs)
    np.savez(stored, x=vectors, y=np.array(domain.classes)[np.asarray(domain.labels)])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, stored.getvalue())
