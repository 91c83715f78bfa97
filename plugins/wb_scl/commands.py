"""``wb scl``: look inside an SCL run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from wb_scl.encoder import SharedEncoder


@click.group()
def scl() -> None:
    """Look inside an SCL tagging run: its pivots, and what lies near a word.

    RUN is a record's folder, its name, a part of its name, or 'last'.
    """


@scl.command()
@click.argument("run")
@click.option("--top", type=click.IntRange(1), default=40, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Print all as JSON.")
def pivots(run: str, top: int, as_json: bool) -> None:
    """The pivot words of RUN with their counts in both domains' unlabelled text."""
    from workbench.report import terminal

    listed = _encoder(run).inspection.pivots
    if as_json:
        click.echo(json.dumps([vars(pivot) for pivot in listed], indent=1, ensure_ascii=False))
        return
    rows = [[p.word, f"{p.source_count:,}", f"{p.target_count:,}"] for p in listed[:top]]
    click.echo(terminal.table(["pivot", "source", "target"], rows))
    if len(listed) > top:
        click.echo(f"… and {len(listed) - top} more (--top {len(listed)})")


@scl.command()
@click.argument("run")
@click.argument("word")
@click.option("--top", type=click.IntRange(1), default=10, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def neighbours(run: str, word: str, top: int, as_json: bool) -> None:
    """The labelled source words nearest to WORD in the shared representation, and the pivots that tie them."""
    from wb_scl.inspection import WordSpace
    from workbench.report import terminal

    encoder = _encoder(run)
    nearest = WordSpace(encoder).neighbours(word, top)
    count, tag = encoder.inspection.lexicon.get(word, (0, "–"))
    if as_json:
        about = {"word": word, "source_count": count, "target_count": encoder.inspection.target_counts.get(word, 0)}
        click.echo(json.dumps({**about, "neighbours": [vars(n) for n in nearest]}, indent=1, ensure_ascii=False))
        return
    seen = f"{count} times in the labelled source, mostly {tag}" if count else "never in the labelled source"
    click.echo(
        f"{word}: {seen}; {encoder.inspection.target_counts.get(word, 'fewer than 3')} times in the target's text"
    )
    rows = [[n.word, f"{n.similarity:.2f}", str(n.count), n.tag, "  ·  ".join(n.ties)] for n in nearest]
    click.echo(terminal.table(["near it", "cosine", "in source", "tag", "tied by ( _ is the word)"], rows))


def _encoder(run: str) -> SharedEncoder:
    """The encoder of a run's model. Raises :class:`UsageError` when the run is no SCL tagging run."""
    from wb_scl.encoder import SharedEncoder
    from workbench.errors import UsageError
    from workbench.running import records

    record = records.find(run)
    if record.method != "scl" or record.run["task"] != "tagging":
        raise UsageError(f"{record.name}: not an SCL tagging run, but {record.method} ({record.run['task']})")
    return SharedEncoder.load(record.folder / records.MODEL)
