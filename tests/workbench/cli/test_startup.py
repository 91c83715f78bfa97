"""Starting imports nothing heavy."""

import json
import subprocess
import sys

import pytest

from workbench.testing.package import HEAVY

SCRIPT = """
import json, sys
from workbench.cli import call
code = call({arguments!r})
print(json.dumps([code, [m for m in {heavy!r} if m in sys.modules]]), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["methods"], ["methods", "--tree"], ["run", "scl", "--help"], ["plugins", "list"]]
)
def test_nothing_heavy_is_imported(arguments):
    script = SCRIPT.format(arguments=arguments, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    code, imported = json.loads(done.stderr.strip().splitlines()[-1])
    assert code == 0
    assert imported == []
