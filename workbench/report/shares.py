"""The estimated class shares of a target in words."""

from __future__ import annotations

from workbench.running.outcome import ClassShare, ClassShares

MOST = 3
"""Classes that are named in a line."""


def share_lines(shares: ClassShares | None) -> list[str]:
    """The classes whose shares clearly differ from the source's, as a sentence, or that none does; none without any."""
    if shares is None:
        return []
    differing = shares.differing
    if not differing:
        return [f"Class shares in the target, estimated: none clearly differs from the source's ({shares.model})."]
    named = "; ".join(f"{name} {_share(share)}" for name, share in differing[:MOST])
    more = f"; {len(differing) - MOST} more in --json" if len(differing) > MOST else ""
    return [
        f"Class shares in the target, estimated: {named}{more}. They assume that a class looks alike in both domains."
    ]


def _share(share: ClassShare) -> str:
    """70 % (66–74), in the source 29 %, by its labels 72 %."""
    target = share.target
    interval = f"({100 * target.low:.0f}–{100 * target.high:.0f})"
    actual = f", by its labels {100 * share.actual:.0f} %" if share.actual is not None else ""
    return f"{100 * target.value:.0f} % {interval}, in the source {100 * share.source:.0f} %{actual}"
