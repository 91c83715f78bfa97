"""The reviews of Blitzer et al. (2007) as they are distributed: ``positive.review`` and ``negative.review``.

The files look like XML and are none. Only titles and texts are taken: names and places of reviewers never come in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from pydantic import Field

from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings

REVIEW = re.compile(r"<review>(.*?)</review>", re.DOTALL)
PIECES = tuple(re.compile(rf"<{name}>(.*?)</{name}>", re.DOTALL) for name in ("title", "review_text"))


class BlitzerReviews(Reader):
    """Title and text of each review; the class is the file's name before the point."""

    class Params(Settings):
        encoding: str = Field("latin-1", description="Character encoding.")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        texts: list[str] = []
        labels: list[str] = []
        for file in files:
            matches = REVIEW.findall(file.read_text(self.params.encoding))
            if not matches:
                raise DataError(f"{file.name}: no <review> in it; give positive.review and negative.review")
            for review in matches:
                pieces = [piece.search(review) for piece in PIECES]
                texts.append(" . ".join(" ".join(piece.group(1).split()) for piece in pieces if piece))
            labels += [PurePosixPath(file.name).stem] * len(matches)
        return Examples(texts, labels if labelled else None)
