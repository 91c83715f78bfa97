"""The Python blocks of docs/python.md run, from the first to the last, as a reader would paste them."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def test_every_block_of_the_page_runs(capsys):
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    said = dict(re.findall(r"^(not aligned|aligned) +([\d.]+)$", capsys.readouterr().out, re.MULTILINE))
    assert float(said["aligned"]) > float(said["not aligned"])
