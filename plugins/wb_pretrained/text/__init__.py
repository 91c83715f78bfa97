"""Transformers with pretrained weights."""
