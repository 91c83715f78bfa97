"""One check a file, each with a stable code."""
