"""Where the format knows documents, intervals and tests resample these, and the figures stay as they are."""

import json

import numpy as np
import pytest

from workbench.scoring.comparing import estimate
from workbench.scoring.metrics import Metric


@pytest.fixture
def folder(tmp_path):
    """30 files of 8 sentences; the sentences of a file are all easy or all hard."""
    easy, hard = "(S (DT the) (NN cell) (VBZ divides) (. .))\n", "(S (DT this) (VB zyx) (NN qrs) (. .))\n"
    for number in range(30):
        (tmp_path / f"{number:02}.mrg").write_text((hard if number % 3 == 0 else easy) * 8)
    return tmp_path


def test_a_clustered_figure_is_the_same_and_its_interval_wider():
    generator = np.random.default_rng(0)
    document = np.repeat(np.arange(40), 10)
    right = (generator.random(40) < 0.7)[document].astype(float)  # a document is right or wrong as a whole
    alone = Metric(np.stack([right, np.ones(400)], axis=1))
    together = alone.clustered(document)
    assert len(together.statistics) == 40 and together.value == alone.value
    first, second = estimate(alone), estimate(together)
    assert second.high - second.low > 2.5 * (first.high - first.low)


def test_files_of_the_penn_treebank_are_documents(wb, folder, tmp_path):
    arguments = ("run", "source-only", "--src", "wsj@embedded", "--tgt", str(folder), "--json")
    found = json.loads(wb(*arguments)[1])
    assert found["target"]["counts"] == {"sentences": 240, "tokens": 960, "documents": 30}
    known = found["scores"]["adapted"]["accuracy"]
    one = tmp_path / "one"
    one.mkdir()
    (one / "all.mrg").write_text("".join(path.read_text() for path in sorted(folder.glob("*.mrg"))))
    alone = json.loads(wb("run", "source-only", "--src", "wsj@embedded", "--tgt", str(one), "--json")[1])
    assert "documents" not in alone["target"]["counts"]
    unknown = alone["scores"]["adapted"]["accuracy"]
    assert known["value"] == unknown["value"]
    assert known["high"] - known["low"] > 2 * (unknown["high"] - unknown["low"])
