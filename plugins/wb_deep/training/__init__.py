"""One training loop for every deep method."""
