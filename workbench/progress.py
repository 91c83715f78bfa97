"""How long work tells where it is; whoever owns the terminal decides how that looks."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext


class Progress:
    """Silent progress; the command line passes a subclass that draws."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """``with progress.stage("fit scl"):`` marks one stage of the run."""
        return nullcontext()

    def update(self, fraction: float, message: str = "") -> None:
        """Within the current stage: how much is done (0 … 1) and what is being done."""

    def describe(self, lines: list[str]) -> None:
        """What is about to run, once the data is read and before anything is fitted."""

    def notice(self, message: str) -> None:
        """One line that the user should see."""
