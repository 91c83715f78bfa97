"""Estimates of accuracy on the target without its labels: an idea a module."""
