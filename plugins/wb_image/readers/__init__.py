"""Readers of images and feature matrices: one format a file."""
