"""Readers of text: one format a file."""
