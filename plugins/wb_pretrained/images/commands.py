"""``wb finetune``: look inside a network that was trained on images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from torch import Tensor

    from wb_deep.bodies.model import DeepModel
    from wb_pretrained.images.filters import Ascent, Layer
    from workbench.running.records import Record


@click.group()
def finetune() -> None:
    """Look inside the image network of a run, fine-tuned or small."""


@finetune.command()
@click.argument("run")
@click.option("--layer", default="1", show_default=True, help="Its number from the input up, its name, or head.")
@click.option("--filter", "wanted", multiple=True, type=int, help="A filter's number, from 0; may be repeated.")
@click.option(
    "--most", type=click.IntRange(1, 400), default=16, show_default=True, help="Filters, where none is named."
)
@click.option("--steps", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Of the gradient ascent.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the noise that it starts from.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The PNG; else in the record's folder.")
@click.pass_context
def filters(
    ctx: click.Context,
    run: str,
    layer: str,
    wanted: tuple[int, ...],
    most: int,
    steps: int,
    seed: int,
    out: Path | None,
) -> None:
    """Draw what filters of RUN's network look for: the pictures that raise them most.

    RUN is a record's folder, its name, a part of its name, or 'last'. A filter of a convolution is raised on the mean
    over the picture; under 'head', a filter is a class.
    """
    from wb_pretrained.images import filters as search
    from workbench.cli import state_of
    from workbench.cli.progress import drawn_progress
    from workbench.running import records

    record = records.find(run)
    model, ascent = _opened(record, state_of(ctx).host, steps)
    chosen = search.find_layer(model.network, layer)
    numbers = search.find_filters(chosen, ascent.channels(chosen), wanted, most)
    with drawn_progress() as progress, progress.stage(f"{len(numbers)} filters of layer {chosen}"):
        pictures, answers = ascent.pictures(chosen, numbers, seed, progress)
    names = [model.classes[k] if chosen.name == search.HEAD else str(k) for k in numbers]
    path = out or record.folder / "figures" / f"filters-{chosen.name or chosen.number}.png"
    _draw(path, pictures, [f"{name}: {after:.1f}" for name, after in zip(names, answers[:, 1], strict=True)], chosen)
    click.echo(str(path))


def _opened(record: Record, host: Any, steps: int) -> tuple[DeepModel, Ascent]:
    """The model of a run and the ascent on its pictures. Raises :class:`UsageError` where it sees no images."""
    from wb_deep.bodies.model import DeepModel, torch_or_advice
    from workbench.errors import UsageError
    from workbench.running import records

    entry = host.methods.get(record.method, record.run["task"], record.run.get("variant", ""))
    kind = entry.load().model
    if not issubclass(kind, DeepModel):
        raise UsageError(f"{record.name}: {record.method} trains no network, so there are no filters to draw")
    torch_or_advice()
    from wb_pretrained.images.filters import Ascent

    model = kind.load(record.folder / records.MODEL, host)
    shape = model.preparation.picture
    if shape is None:
        raise UsageError(
            f"{record.name}: its network sees texts or feature vectors; filters are drawn for networks that see images"
        )
    return model, Ascent(model.network, model.preparation.seen, shape, steps, shift=min(shape[1:]) // 16)


def _draw(path: Path, pictures: Tensor, titles: list[str], layer: Layer) -> None:
    """A grid of pictures, grey where they have one channel."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    from workbench.files import new_file

    columns = min(8, max(1, round(len(titles) ** 0.5)))
    rows = -(-len(titles) // columns)
    canvas = Canvas(figsize=(1.3 * columns, 1.45 * rows + 0.4), layout="constrained")
    FigureCanvasAgg(canvas)
    canvas.suptitle(f"layer {layer}: filter and its answer", fontsize=9)
    places = list(canvas.subplots(rows, columns, squeeze=False).flat)
    for axes in places:
        axes.axis("off")
    for axes, picture, title in zip(places, pictures.permute(0, 2, 3, 1).numpy(), titles, strict=False):
        axes.imshow(picture if picture.shape[2] == 3 else picture[:, :, 0], cmap="gray", vmin=0, vmax=1)
        axes.set_title(title, fontsize=8)
    with new_file(path) as temporary:
        canvas.savefig(temporary, dpi=150)
