"""The deep methods."""
