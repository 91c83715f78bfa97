"""What the kernel of a method would hold, and the landmarks that do without."""

from __future__ import annotations

from wb_distribution.components import LANDMARKS
from workbench.methods import memory

FACTOR_COPIES = 8

FEWEST = 50
"""Landmarks below which a kernel is not worth taking."""


def kernel_need(examples: int, copies: float, exact_up_to: int, wanted: int = LANDMARKS) -> memory.Need:
    """The whole kernel of so many examples of both domains, or as many landmarks as there is room for.

    Parameters
    ----------
    copies : float
        The fit's peak over the size of the kernel matrix.
    exact_up_to : int
        Examples beyond which landmarks are taken whatever room there is.
    wanted : int
        Landmarks that are taken where there is room for them.
    """
    row = memory.DOUBLE * examples
    landmarks = min(wanted, int(memory.free() / (FACTOR_COPIES * row)), examples - 1)
    what = f"the whole kernel of {examples:,} examples"
    size, most = int(copies * row * examples), int(copies * memory.DOUBLE * exact_up_to**2)
    if landmarks < FEWEST:
        return memory.Need(what, size, {}, "give fewer examples, e.g. --source-size, or raise WB_MEMORY", most)
    chosen = f"{landmarks:,} Nyström landmarks stand for it (--landmarks sets how many)"
    return memory.Need(what, size, {"landmarks": landmarks}, chosen, most)
