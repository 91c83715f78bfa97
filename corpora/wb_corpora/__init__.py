"""The data sets: one card each, and the embedded samples written for this project."""
