"""Evaluators of text tasks."""
