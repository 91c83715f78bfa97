"""Rows of tables: read in batches, bad ones too, and written back with further columns."""
