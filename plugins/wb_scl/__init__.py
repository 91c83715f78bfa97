"""Structural correspondence learning, for tagging and for classification."""
