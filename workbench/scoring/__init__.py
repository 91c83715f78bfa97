"""Figures with intervals, paired tests and the verdict on negative transfer."""
